// Writes syntax back as SPL: a search as its author would, terms and expressions in one fixed form.

import { skipQuoted } from './argument-reader.ts'
import type { Command, Expression, Pipeline, SearchExpression } from './ast.ts'

/**
 * Prints a search on one line: blanks outside quotation marks are reduced to one. Parsing it again gives an equal tree.
 */
export function printPipeline(pipeline: Pipeline): string {
  return pipeline.commands
    .map(
      (command, index) =>
        (index === 0 && isImplicit(command) ? '' : index === 0 ? '| ' : ' | ') + printCommand(command),
    )
    .join('')
}

/** Prints one command with its name; an implicit `search` without. */
export function printCommand(command: Command): string {
  const text = singleBlanks(command.text)
  if (isImplicit(command)) return text
  return text === '' ? command.name : `${command.name} ${text}`
}

const isImplicit = ({ nameSpan }: Command): boolean => nameSpan.start === nameSpan.end

/**
 * Reduces blanks to one, but not between quotation marks. Between single ones is a field's name, or, where they are
 * apostrophes, something in which a blank more does no harm.
 */
function singleBlanks(text: string): string {
  let printed = ''
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') printed += text[at] + (text[++at] ?? '')
    else if (text[at] === '"') {
      const close = skipQuoted(text, at, text.length)
      printed += text.slice(at, close + 1)
      at = close
    } else if (text[at] === "'") {
      const name = /'[^'"\n]*'|'/y
      name.lastIndex = at
      printed += name.exec(text)![0]
      at = name.lastIndex - 1
    } else if (!/\s/.test(text[at]!)) printed += text[at]
    else if (!/\s$/.test(printed)) printed += ' '
  }
  return printed.trim()
}

/** Prints search terms so that equal terms print equally. */
export function printSearch(expression: SearchExpression): string {
  switch (expression.kind) {
    case 'And':
      return `(${expression.terms.map(printSearch).join(' ')})`
    case 'Or':
      return `(${expression.terms.map(printSearch).join(' OR ')})`
    case 'Not':
      return `NOT ${printSearch(expression.term)}`
    case 'Comparison': {
      const { field, operator, value, mode, subsearch } = expression
      if (subsearch !== undefined) return `${searchField(field)}${operator}${printSearch(subsearch)}`
      return `${searchField(field)}${operator}${wrapped(mode, quote(value))}`
    }
    case 'In':
      return `${searchField(expression.field)} IN (${expression.values.map(quote).join(', ')})`
    case 'Keyword':
      return expression.text === '*' ? '*' : wrapped(expression.mode, quote(expression.text))
    case 'TimeModifier': {
      const { name, value, format } = expression
      const text = `${name}=${quote(value)}`
      return format === undefined ? text : `(timeformat=${quote(format)} ${text})`
    }
    case 'Subsearch':
      return `[${printPipeline(expression.pipeline)}]`
  }
}

/** Prints an expression with the parentheses that it needs, as the default name of an eval aggregate shows it. */
export function printExpression(expression: Expression): string {
  return print(expression, 0)
}

/** How tightly an operator binds; a looser one inside a tighter one needs parentheses. */
const tightness: Readonly<Record<string, number>> = {
  XOR: 1, OR: 2, AND: 3, NOT: 4,
  '=': 5, '!=': 5, '<': 5, '<=': 5, '>': 5, '>=': 5, LIKE: 5, IN: 5,
  '.': 6, '+': 7, '-': 7, '*': 8, '/': 8, '%': 8, sign: 9,
} // biome-ignore format: a table

function print(expression: Expression, around: number): string {
  switch (expression.kind) {
    case 'Number':
      return expression.text
    case 'String':
      return quote(expression.value)
    case 'Field':
      return /^[A-Za-z_]\w*$/.test(expression.name) ? expression.name : `'${expression.name}'`
    case 'Call':
      return `${expression.name}(${expression.args.map((arg) => print(arg, 0)).join(', ')})`
    case 'Unary': {
      const own = tightness[expression.operator === 'NOT' ? 'NOT' : 'sign']!
      const operator = expression.operator === 'NOT' ? 'NOT ' : expression.operator
      return enclosed(`${operator}${print(expression.operand, own)}`, own < around)
    }
    case 'Binary': {
      const own = tightness[expression.operator]!
      const operator = expression.operator === '=' ? '==' : expression.operator
      return enclosed(
        `${print(expression.left, own)} ${operator} ${print(expression.right, own + 1)}`,
        own < around,
      )
    }
    case 'InExpression': {
      const list = expression.list.map((item) => print(item, 0)).join(', ')
      return enclosed(
        `${print(expression.operand, tightness['IN']!)} IN (${list})`,
        tightness['IN']! < around,
      )
    }
    case 'Subsearch':
      return `[${printPipeline(expression.pipeline)}]`
  }
}

const enclosed = (text: string, needed: boolean): string => (needed ? `(${text})` : text)
const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`
const searchField = (name: string): string => (/^[\w.{}@:/#$-]+$/.test(name) ? name : quote(name))
const wrapped = (mode: 'plain' | 'case' | 'term', text: string): string =>
  mode === 'plain' ? text : `${mode.toUpperCase()}(${text})`
