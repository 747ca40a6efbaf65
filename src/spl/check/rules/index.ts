// Every rule. A test fails when a file of this folder is missing here.

import type { Rule } from '../rule.ts'
import { broadWildcard } from './broad-wildcard.ts'
import { costlyRegex } from './costly-regex.ts'
import { dottedField } from './dotted-field.ts'
import { fieldAsValue } from './field-as-value.ts'
import { fieldGone } from './field-gone.ts'
import { fieldNotInDatamodel } from './field-not-in-datamodel.ts'
import { lowercaseOperator } from './lowercase-operator.ts'
import { neverTrue } from './never-true.ts'
import { noEffect } from './no-effect.ts'
import { readsEverything } from './reads-everything.ts'
import { redundantTerm } from './redundant-term.ts'
import { wrongWildcard } from './wrong-wildcard.ts'

/** All rules. */
export const rules: readonly Rule[] = [
  broadWildcard,
  costlyRegex,
  dottedField,
  fieldAsValue,
  fieldGone,
  fieldNotInDatamodel,
  lowercaseOperator,
  neverTrue,
  noEffect,
  readsEverything,
  redundantTerm,
  wrongWildcard,
]
