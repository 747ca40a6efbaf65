// The fields of a Windows event in the classic multi-line form (`renderXml = false`):
// header lines `Key=Value`, then `Message=` with labelled lines in sections.

import { cleanKey } from '../../base/text/clean-key.ts'
import type { FieldVisitor } from './json.ts'

const headerLine = /^([A-Za-z]\w*)=(.*)$/
/** A label begins its line; its value follows after blanks. The label is short, so that prose is no field. */
const labelledLine = /^[ \t]*([^:\s][^:\r\n]{0,99}):(?:[ \t]+(\S.*))?$/

/**
 * Visits the fields. A label gives `Label_with_underscores`, and once more with its section in front
 * (`Subject_Account_Name`); a label that comes again is visited again, so subject and target make one multivalue field.
 */
export function eachClassicField(text: string, visit: FieldVisitor): void {
  let position = 0
  while (position < text.length) {
    const end = lineEnd(text, position)
    const line = text.slice(position, end).replace(/\r$/, '')
    const header = headerLine.exec(line)
    if (header !== null) {
      const [, key = '', value = ''] = header
      if (key === 'Message') {
        const message = text.slice(position + 'Message='.length).trimEnd()
        if (message !== '') visit('Message', message)
        eachMessageField(message, visit)
        return
      }
      if (value !== '') visit(cleanKey(key), value.trim())
    }
    position = end + 1
  }
}

function eachMessageField(message: string, visit: FieldVisitor): void {
  let section = ''
  let position = lineEnd(message, 0) + 1
  while (position < message.length) {
    const end = lineEnd(message, position)
    const line = message.slice(position, end).trimEnd()
    position = end + 1
    const labelled = labelledLine.exec(line)
    if (labelled === null) {
      if (line.trim() === '') section = ''
      continue
    }
    const [, label = '', value] = labelled
    const name = cleanKey(label)
    if (name === '') continue
    const isIndented = /^[ \t]/.test(line)
    if (value === undefined) {
      if (!isIndented) section = name
      continue
    }
    visit(name, value)
    if (section !== '' && isIndented) visit(`${section}_${name}`, value)
  }
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start)
  return end < 0 ? text.length : end
}
