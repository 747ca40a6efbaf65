// Where in a command a name is written, for arguments that do not keep their spans.

import type { Span } from '../../diagnostics/source.ts'
import type { Command } from '../syntax/ast.ts'

const nameCharacter = /[\w.{}:-]/

/** The first place of a name as a whole word; the command's own name where it is not written out. */
export function placeOf({ text, textStart, nameSpan }: Command, name: string): Span {
  for (let at = text.indexOf(name); at !== -1 && name !== ''; at = text.indexOf(name, at + 1)) {
    const end = at + name.length
    if (nameCharacter.test(text[at - 1] ?? ' ') || nameCharacter.test(text[end] ?? ' ')) continue
    return { start: textStart + at, end: textStart + end }
  }
  return nameSpan
}
