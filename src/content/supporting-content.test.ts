import { describe, expect, test } from 'vitest'
import { readBaseline } from './baselines.ts'
import { readDataSource } from './data-sources.ts'
import { readDetection } from './escu-yaml.ts'
import { readLookup } from './lookups.ts'
import { filterMacros, readMacro } from './macros.ts'
import { recognise } from './recognise.ts'
import type { Read } from './schema.ts'
import { readStory } from './stories.ts'
import { parseYamlFile, type YamlFile } from './yaml-file.ts'

const file = (text: string, name = 'content/x.yml'): YamlFile => parseYamlFile(name, text).file!

function item<Item>(read: Read<Item>): Item {
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('\n'))
  return read.item
}

describe('macros', () => {
  test('the number of arguments is part of the name', () => {
    const text = 'name: ctime\narguments:\n- field\n- zone\ndefinition: convert ctime($field$)\n'
    expect(item(readMacro(file(text)))).toEqual({
      name: 'ctime(2)',
      args: ['field', 'zone'],
      definition: 'convert ctime($field$)',
      isEval: false,
      origin: 'content/x.yml',
      description: '',
    })
    expect(item(readMacro(file('name: ctime(1)\narguments: field\ndefinition: x\n'))).name).toBe('ctime(1)')
    expect(item(readMacro(file('name: sysmon\ndefinition: source=x\n'))).name).toBe('sysmon')
  })

  test('every detection has a filter macro that keeps everything', () => {
    const text = 'name: A b-C\nid: i\ntype: TTP\nsearch: x\n'
    const [macro] = filterMacros([item(readDetection(file(text), 'detections/a.yml'))])
    expect(macro).toMatchObject({ name: 'a_b_c_filter', args: [], definition: 'search *' })
  })
})

describe('lookups', () => {
  test('the older form names its file', () => {
    const text =
      "name: domains\nfilename: d.csv\ndefault_match: 'false'\nmatch_type: WILDCARD(domain), CIDR(ip)\nmin_matches: 1\ncase_sensitive_match: 'false'\n"
    expect(item(readLookup(file(text, 'repo/lookups/domains.yml')))).toEqual({
      name: 'domains',
      description: '',
      store: { kind: 'csv', file: 'repo/lookups/d.csv' },
      fields: [],
      matchTypes: [
        { type: 'WILDCARD', field: 'domain' },
        { type: 'CIDR', field: 'ip' },
      ],
      defaultMatch: 'false',
      minMatches: 1,
      caseSensitiveMatch: false,
      origin: 'repo/lookups/domains.yml',
    })
  })

  test('the newer form takes the name of its own file', () => {
    const text = 'name: domains\nlookup_type: csv\nmatch_type:\n- WILDCARD(domain)\nmax_matches: 1\n'
    const lookup = item(readLookup(file(text, 'lookups/domains_2025.yml')))
    expect(lookup.store).toEqual({ kind: 'csv', file: 'lookups/domains_2025.csv' })
    expect(lookup).toMatchObject({
      maxMatches: 1,
      caseSensitiveMatch: true,
      matchTypes: [{ type: 'WILDCARD', field: 'domain' }],
    })
  })

  test('collections have fields, in either form', () => {
    const old = item(readLookup(file('name: seen\ncollection: seen_c\nfields_list: _key, user,  last\n')))
    expect(old.store).toEqual({ kind: 'kvstore', collection: 'seen_c' })
    expect(old.fields).toEqual(['_key', 'user', 'last'])
    const now = item(readLookup(file('name: seen\nlookup_type: kvstore\nfields:\n- _key\n- user\n')))
    expect(now).toMatchObject({ store: { kind: 'kvstore', collection: 'seen' }, fields: ['_key', 'user'] })
  })

  test.each(['../secret.csv', '/etc/passwd', 'C:\\x.csv', 'sub/x.csv', 'x.txt'])(
    'a file outside its folder (%s) is refused',
    (name) => {
      const read = readLookup(file(`name: x\nfilename: ${JSON.stringify(name)}\n`))
      expect(!read.ok && read.diagnostics[0]?.message).toMatch(
        /"filename" must be the name of a \.csv or \.mlmodel file/,
      )
    },
  )

  test('a match type that is none is refused', () => {
    const read = readLookup(file('name: x\nfilename: x.csv\nmatch_type: GLOB(a)\n'))
    expect(!read.ok && read.diagnostics[0]?.message).toMatch(
      /must be written as WILDCARD\(field\), CIDR\(field\) or EXACT/,
    )
  })
})

test('stories, data sources and baselines are read', () => {
  const story = item(
    readStory(
      file('name: S\nid: i\nnarrative: long\ntags:\n  category:\n  - Malware\n  usecase: U\n'),
      's.yml',
    ),
  )
  expect(story).toMatchObject({
    name: 'S',
    narrative: 'long',
    categories: ['Malware'],
    useCase: 'U',
    path: 's.yml',
  })
  const source = item(
    readDataSource(file('name: D\nsource: s\nsourcetype: t\nfields:\n- a\nsupported_TA: []\n'), 'd.yml'),
  )
  expect(source).toMatchObject({ name: 'D', source: 's', sourcetype: 't', fields: ['a'], addOns: [] })
  const text = 'name: B\nid: i\ntype: Baseline\nsearch: "| outputlookup x"\ntags:\n  detections:\n  - A\n'
  const baseline = item(readBaseline(file(text), 'b.yml'))
  expect(baseline.search.text).toBe('| outputlookup x')
  expect(baseline.detections).toEqual(['A'])
})

test.each([
  ['search: x\ntype: TTP', undefined, 'detection'],
  ['search: x\ntype: Baseline', undefined, 'baseline'],
  ['search: x\ntype: Investigation', 'detections', 'unused'],
  ['how_to_implement: x', undefined, 'detection'],
  ['definition: x', undefined, 'macro'],
  ['narrative: x', undefined, 'story'],
  ['lookup_type: csv', undefined, 'lookup'],
  ['source: a\nsourcetype: b', undefined, 'data source'],
  ['scheduling: {}', undefined, 'unused'],
  ['app: {}\nbuild_app: true', undefined, 'unused'],
  ['hello: world', undefined, undefined],
  ['hello: world', 'macros', 'macro'],
  ['- a', 'detections', 'detection'],
])('%j in %s is %s', (text, folder, kind) => {
  expect(recognise(file(text).value, folder)).toBe(kind)
})
