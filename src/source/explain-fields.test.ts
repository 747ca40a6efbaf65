import { expect, test } from 'vitest'
import type { RawEvent } from '../decode/reader.ts'
import { type ConfTexts, knowledgeOf } from '../knowledge/knowledge.ts'
import { explainFields } from './explain-fields.ts'

const model = JSON.stringify({
  modelName: 'Access',
  objects: [
    {
      objectName: 'Logins',
      constraints: [{ search: 'tag=login' }],
      fields: [{ fieldName: 'user' }, { fieldName: 'dest' }],
      calculations: [
        {
          calculationType: 'Eval',
          expression: 'if(isnull(src), "unknown", src)',
          outputFields: [{ fieldName: 'src' }],
        },
      ],
    },
    { objectName: 'Failures', parentName: 'Logins', constraints: [{ search: 'action=failure' }] },
  ],
})

const texts: ConfTexts = {
  props: `[door]
KV_MODE = auto
EXTRACT-who = by (?<who>\\w+)
FIELDALIAS-user = who AS user
EVAL-action = if(code=1, "success", "failure")
LOOKUP-zone = zones door OUTPUTNEW zone`,
  transforms: '[zones]\nfilename = zones.csv',
  eventtypes: '[door_login]\nsearch = sourcetype=door code=*',
  tags: '[eventtype=door_login]\nlogin = enabled',
  lookups: new Map([['zones.csv', 'door,zone\nd1,north\n']]),
  models: [{ name: 'Access.json', text: model }],
}

const knowledge = knowledgeOf(texts, {
  context: { now: 1_700_000_000, timeZone: 'UTC', warn: () => {} },
  report: ({ message }) => {
    throw new Error(message)
  },
})

const event = (raw: string, sourcetype = 'door'): RawEvent => ({
  time: 1,
  raw: () => raw,
  position: 'line 1',
  metadata: { sourcetype },
  content: { kind: 'text' },
})

async function* group(...events: RawEvent[]) {
  yield { file: '/e/door.log', events }
}

test('each field names the rule that gives it, with its stanza and line; datasets name what is empty', async () => {
  const events = group(event('code=1 door=d1 opened by ann'), event('code=1 door=d9'), event('x', 'other'))
  const [door, other] = await explainFields(events, knowledge, {})
  expect(door).toMatchObject({ sourcetype: 'door', source: '/e/door.log', count: 2, examined: 2 })
  const field = (name: string) => door?.fields.find((candidate) => candidate.name === name)
  expect(field('code')).toEqual({ name: 'code', count: 2, rules: ['KV_MODE of [door], props.conf:2'] })
  expect(field('who')).toEqual({ name: 'who', count: 1, rules: ['EXTRACT-who of [door], props.conf:3'] })
  expect(field('user')?.rules).toEqual(['FIELDALIAS-user of [door], props.conf:4'])
  expect(field('action')?.rules).toEqual(['EVAL-action of [door], props.conf:5'])
  expect(field('zone')).toEqual({ name: 'zone', count: 1, rules: ['LOOKUP-zone of [door], props.conf:6'] })
  expect(field('sourcetype')?.rules).toEqual(['event'])
  expect(field('tag')?.rules).toEqual(['tags.conf'])
  expect(door?.datasets).toEqual([{ name: 'Access.Logins', count: 2, empty: ['dest', 'src'] }])
  expect(other).toMatchObject({ sourcetype: 'other', count: 1, datasets: [] })
})
