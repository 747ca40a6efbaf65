// Takes a value out of XML by an XPath expression.

import { textOf } from '../../value/value.ts'
import { parseXml } from '../eval/xml.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { extractFields } from './shared/extract-fields.ts'
import { compileXPath } from './shared/xpath.ts'

interface XpathArguments {
  readonly path: string
  readonly field: string
  readonly outfield: string
  readonly fallback: string | undefined
}

export const xpath = defineCommand<XpathArguments>({
  name: 'xpath',
  type: 'distributable streaming',
  summary: 'Takes the values at an XPath out of XML text.',
  syntax: 'xpath [outfield=<field>] <string> [field=<field>] [default=<string>]',
  options: {
    outfield: 'The field that gets the values. Default: xpath.',
    field: 'The field to read. Default: _raw.',
    default: 'What is written where nothing is found.',
  },
  leftOpen: [
    'How an element that holds others is shown: as the markup in it. Texts lose the blanks around them.',
    'Where a path that does not begin with / starts: anywhere.',
  ],
  missing: [
    'of XPath 1.0: namespaces (prefixes are compared as written), comments, processing instructions, variables, id() and lang()',
  ],
  examples: [
    {
      search: `* | xpath outfield=target "//Data[@Name='TargetUserName']" | fields - _raw`,
      input: [
        {
          _raw: '<EventData><Data Name="SubjectUserName">alice</Data><Data Name="TargetUserName">bob</Data></EventData>',
        },
      ],
      output: [{ target: 'bob' }],
    },
    {
      search: '* | xpath outfield=images "count(//Image[contains(., \'temp\')])" | table images',
      input: [{ _raw: '<p><Image>C:/temp/a.exe</Image><Image>C:/b.exe</Image></p>' }],
      output: [{ images: '1' }],
    },
  ],

  parse(reader) {
    const schema = { outfield: 'string', field: 'string', default: 'string' } as const
    let options = reader.options(schema)
    const path = reader.requiredWord('an XPath expression')
    const compiled = compileXPath(path.text)
    if (typeof compiled !== 'function') {
      reader.fail(
        'unsupported',
        `xpath does not support "${compiled.unsupported}" in "${path.text}".`,
        path.span,
      )
    }
    options = { ...options, ...reader.options(schema) }
    return {
      path: path.text,
      field: options.field ?? '_raw',
      outfield: options.outfield ?? 'xpath',
      fallback: options.default,
    }
  },

  needs: ({ field }, wanted) => union(wanted, [field]),

  async *run({ path, field, outfield, fallback }, input, context) {
    const find = compileXPath(path)
    for await (const batch of input) {
      yield extractFields(
        batch,
        field,
        (value, visit) => {
          const found = typeof find === 'function' ? find(parseXml(textOf(value) ?? '')) : []
          if (found === undefined) {
            context.warn({
              code: 'limit-reached',
              severity: 'warning',
              message: `xpath gave up on a document in which "${path}" takes too many steps.`,
              labels: [],
            })
            return
          }
          for (const text of found.length === 0 && fallback !== undefined ? [fallback] : found)
            visit(outfield, text)
        },
        context,
      )
    }
  },
})
