// Reads macro files, and makes the filter macros that every detection may be cut with.
// Expanding macros is left to spl.

import { type Detection, filterMacroName } from './detection.ts'
import { lines, mapOf, prose, type Read, readAs, requiredLine, unused } from './schema.ts'
import type { YamlFile } from './yaml-file.ts'

/** A search macro: what spl's `MacroDefinition` asks for, and what it is good for. */
export interface Macro {
  /** `name`, or `name(2)` for two arguments. */
  readonly name: string
  readonly args: readonly string[]
  readonly definition: string
  /** Content files hold search text only; eval macros exist in macros.conf. */
  readonly isEval: false
  /** The file, for people. */
  readonly origin: string
  readonly description: string
}

const macroSchema = mapOf({
  name: requiredLine,
  arguments: lines.optional(),
  definition: prose.refine((text) => text.trim() !== '', 'must not be empty'),
  description: prose.default(''),
  author: unused,
  date: unused,
  id: unused,
  version: unused,
  status: unused,
})

/** Reads a macro. */
export function readMacro(file: YamlFile): Read<Macro> {
  return readAs(macroSchema, file, 'macro', ({ name, arguments: args = [], definition, description }) => ({
    name: args.length === 0 ? name : `${name.replace(/\(\d+\)$/, '')}(${args.length})`,
    args,
    definition: definition.trim(),
    isEval: false,
    origin: file.source.name,
    description: description.trim(),
  }))
}

/**
 * The filter macro of each detection, `search *` until a user defines one.
 * @see contentctl, which makes them the same way, so no repository holds them
 */
export function filterMacros(detections: readonly Detection[]): Macro[] {
  return detections.map(({ name, path }) => ({
    name: filterMacroName(name),
    args: [],
    definition: 'search *',
    isEval: false,
    origin: `made for ${path}`,
    description: `Cuts the false positives of ${name}.`,
  }))
}
