// Takes the elements of XML out of a text, each as a field with the element's name.

import { textOf } from '../../value/value.ts'
import { parseXml, type XmlElement } from '../eval/xml.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { extractFields, type FieldVisitor } from './shared/extract-fields.ts'

export const xmlkv = defineCommand<{ readonly field: string }>({
  name: 'xmlkv',
  type: 'distributable streaming',
  summary:
    "Takes the innermost elements of XML out of a text: the element's name is the field, its text the value.",
  syntax: 'xmlkv [<field>] [maxinputs=<int>]',
  options: { maxinputs: 'Accepted, and without effect.' },
  examples: [
    {
      search: '* | xmlkv Message | fields - Message',
      input: [{ Message: 'Task: <Exec><Command>cmd.exe</Command><Arguments>/c whoami</Arguments></Exec>' }],
      output: [{ Command: 'cmd.exe', Arguments: '/c whoami' }],
    },
  ],

  parse(reader) {
    reader.options({ maxinputs: 'integer' })
    const field = reader.word()?.text ?? '_raw'
    reader.options({ maxinputs: 'integer' })
    return { field }
  },

  needs: ({ field }, wanted) => union(wanted, [field]),

  async *run({ field }, input, context) {
    for await (const batch of input) {
      yield extractFields(
        batch,
        field,
        (value, visit) => {
          for (const element of parseXml(textOf(value) ?? '')) visitLeaves(element, visit)
        },
        context,
      )
    }
  },
})

function visitLeaves(element: XmlElement, visit: FieldVisitor): void {
  if (element.children.length > 0) for (const child of element.children) visitLeaves(child, visit)
  else if (element.text.trim() !== '') visit(element.name, element.text.trim())
}
