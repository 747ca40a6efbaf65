import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { locatedText } from '../../diagnostics/source.ts'
import type { DataModelDataset, LookupTable, MacroDefinition } from '../host.ts'
import { parseSearch } from '../run/run.ts'
import { type CheckContext, checkSearch, eventFields } from './check.ts'
import { rules } from './rules/index.ts'

const macroTexts: Record<string, string> = { ctime: 'convert ctime(firstTime)', passing: 'search *' }
const macros = {
  names: () => Object.keys(macroTexts),
  get: (name: string): MacroDefinition | undefined =>
    macroTexts[name] === undefined
      ? undefined
      : { name, args: [], definition: macroTexts[name], isEval: false, origin: `${name}.yml` },
}

const read = (text: string) =>
  parseSearch(locatedText({ name: 'search', text }), macros, { now: 0, timeZone: 'UTC' })

/** Each finding as `code: quoted place`. */
function found(text: string, context: CheckContext = {}): string[] {
  return checkSearch(read(text), context).map(({ code, labels: [label] }) => {
    const { source, span } = label!
    return `${code}: ${source.text.slice(span.start, span.end)}`
  })
}

const messages = (text: string, context: CheckContext = {}): string[] =>
  checkSearch(read(text), context).map(({ message }) => message)

test('every rule of the folder is listed', () => {
  const files = readdirSync(new URL('rules/', import.meta.url)).filter((name) => name !== 'index.ts')
  expect(files).toHaveLength(rules.length)
})

test('a field name with a dot outside of quotation marks is two fields joined', () => {
  expect(found('index=a | where process.name="cmd.exe" AND isnotnull(a.b.c)')).toEqual([
    'suspicious: process.name',
    'suspicious: a.b.c',
  ])
  expect(found(`index=a | where 'process.name'="x" OR (first . last)="y" | eval id=user.domain`)).toEqual([])
  expect(messages('index=a | where x.y IN ("1")')).toEqual([
    'x.y is read as fields that are joined, not as one field.',
  ])
})

describe('a field that is gone', () => {
  test('after stats there are the results and the BY fields only', () => {
    expect(messages('index=a | stats count by host | where dest="x"')).toEqual([
      'Field "dest" is not available after stats; the results have "host" and "count".',
    ])
    expect(found('index=a | stats count by host | where dest="x"')).toEqual(['field-gone: dest'])
    expect(found('index=a | stats count by host | search host=x count>5')).toEqual([])
  })

  test('what only has no effect then is a note', () => {
    const [note] = checkSearch(read('index=a | stats count by host | `ctime`'))
    expect(note).toMatchObject({
      code: 'no-effect',
      severity: 'note',
      message:
        'convert has nothing to do for "firstTime": the field is not available after stats; the results have "host" and "count".',
    })
    // The place in the macro, and the call that brought it there.
    expect(note?.labels.map(({ source, primary }) => [source.name, primary])).toEqual([
      ['macro ctime (ctime.yml)', true],
      ['search', false],
    ])
    expect(found('index=a | stats count by host | table host, dest')).toEqual(['no-effect: dest'])
  })

  test('renamed and removed fields are gone, new ones are there', () => {
    expect(found('index=a | rename user as account | where user="x"')).toEqual(['field-gone: user'])
    expect(found('index=a | fields - user | stats count by user')).toEqual(['field-gone: user'])
    expect(found('index=a | fields user | eval x=user.host')).toEqual(['field-gone: host'])
    expect(found('index=a | stats count by host | rename host as dest | search dest=a')).toEqual([])
    expect(
      found('index=a | stats count by Processes.dest | rename "Processes.*" as "*" | search dest=a'),
    ).toEqual([])
    expect(found('index=a | stats count by host | eval a=1, b=a+1 | where b>1')).toEqual([])
    expect(found('index=a | stats count by host | rex field=host "(?<x>.)" | search x=1')).toEqual([])
    expect(found('index=a | stats values(*) as * by host | where dest="x"')).toEqual([])
  })

  test('what a search expects to be missing is no mistake', () => {
    expect(found('index=a | stats count by host | eval x=coalesce(dest, host)')).toEqual([])
    expect(found('index=a | stats count by host | eval x=if(isnull(dest), host, dest)')).toEqual([])
    expect(found('index=a | stats count by host | fillnull value=x dest | search dest=x')).toEqual([])
    expect(found('index=a | stats values(eval(if(a=1,b,null))) as b by host')).toEqual([])
  })

  test('a command that is not understood may bring any field', () => {
    expect(found('index=a | stats count by host | spath input=host | where dest="x"')).toEqual([])
    expect(found('index=a | stats count by host | append [search index=b] | where dest="x"')).toEqual([])
  })

  test('join needs its fields on both sides', () => {
    const search = (left: string, right: string) =>
      `index=a | stats count by ${left} | join guid [search index=b | stats count as n by ${right}]`
    expect(found(search('guid', 'guid'))).toEqual([])
    expect(found(search('host', 'guid'))).toEqual(['field-gone: guid'])
    expect(messages(search('guid', 'host'))).toEqual([
      'The subsearch of join gives no field "guid", so nothing is joined; it gives "host" and "n".',
    ])
  })

  test('searches in brackets begin anew', () => {
    expect(
      found('index=a | stats count by host | append [search index=b | stats count by x | where y=1]'),
    ).toEqual(['field-gone: y'])
    expect(found('index=a [search index=b | stats count by x | table z]')).toEqual(['no-effect: z'])
  })

  test('a lookup brings the columns of its table', () => {
    const table = { name: 'assets', fields: ['ip', 'owner'] } as unknown as LookupTable
    const lookups = {
      get: (name: string) => (name === 'assets' ? table : undefined),
      names: () => ['assets'],
    }
    const search = (more: string) => `index=a | stats count by ip | lookup assets ip ${more}`
    expect(found(search('| search owner=x'), { lookups })).toEqual([])
    expect(found(search('| search room=x'), { lookups })).toEqual(['field-gone: room=x'])
    expect(found(search('OUTPUT room | search room=x'))).toEqual([])
    expect(found('index=a | stats count by ip | lookup assets ip AS dest', { lookups })).toEqual([
      'field-gone: dest',
    ])
  })
})

describe('wildcards of another language', () => {
  test.each([
    ['where process="*cmd*"', '"*cmd*"'],
    ['where process!="cmd*"', '"cmd*"'],
    ['eval x=if(process="*cmd", 1, 0)', '"*cmd"'],
    ['where process IN ("cmd*", "x")', '"cmd*"'],
    ['where like(process, "*cmd*")', '"*cmd*"'],
    ['where process LIKE "*cmd*"', '"*cmd*"'],
    ['where match(process, "cmd.exe*")', '"cmd.exe*"'],
    ['where match(process, "%cmd%")', '"%cmd%"'],
    ['eval x=replace(process, "cmd*", "")', '"cmd*"'],
  ])('%s', (command, place) => {
    expect(found(`index=a | ${command}`)).toEqual([`wrong-wildcard: ${place}`])
  })

  test.each([
    'where principal="*"',
    'where schedule="* * * * *"',
    'where like(process, "%cmd%")',
    'where match(process, "cmd.*")',
    'where match(process, "(?i)\\\\w*")',
    'search process="*cmd*"',
  ])('%s is meant', (command) => {
    expect(found(`index=a | ${command}`)).toEqual([])
  })
})

describe('conditions that no row changes', () => {
  test.each([
    ['search user!=*', 'user!=*'],
    ['where user=null()', 'user=null()'],
    ['where user!=null', 'user!=null'],
    ['where "user"="alice"', '"user"="alice"'],
    ['where isnotnull("user")', 'isnotnull("user")'],
    ['eval x=if(match("process", "cmd"), 1, 0)', 'match("process", "cmd")'],
  ])('%s', (command, place) => {
    expect(found(`index=a | ${command}`)).toEqual([`never-true: ${place}`])
  })

  test('what depends on a row is left alone', () => {
    expect(found('index=a | where "alice"=user AND 1=1 | search user!=a* NOT dest=*')).toEqual([])
  })
})

test('lower-case operators of search are words', () => {
  expect(found('index=a user=x or user=y')).toEqual(['lowercase-operator: or'])
  expect(found('index=a user=x not user=y')).toEqual(['lowercase-operator: not'])
  expect(found('index=a "or" user=x OR user=y | where user="a" or user="b"')).toEqual([])
})

test('search compares with text, where with fields', () => {
  expect(found('index=a | stats count by src dest | search src=dest')).toEqual(['field-as-value: src=dest'])
  expect(found('index=a | stats count by src dest | search src="dest"')).toEqual([])
  expect(found('index=a src=dest')).toEqual([])
})

test('values that others cover add nothing', () => {
  expect(messages('index=a process IN (cmd.exe, "*cmd*", CMD.EXE)')).toEqual([
    'process="cmd.exe" adds nothing: "*cmd*" covers it.',
    'process lists "CMD.EXE" twice.',
  ])
  expect(messages('index=a (p="*cmd*" OR p="*cmd.exe*" OR q="*cmd.exe*")')).toEqual([
    'p="*cmd.exe*" adds nothing: "*cmd*" covers it.',
  ])
  expect(messages('index=a p IN (x, X)')).toEqual(['p lists "X" twice.'])
  expect(messages('index=a p IN ("a*", "*a")')).toEqual([])
  expect(messages('index=a p="*cmd*" p="*cmd.exe*"')).toEqual([])
})

test('a letter between stars fits nearly everything', () => {
  expect(found('index=a process="*-e*"')).toEqual(['broad-wildcard: process="*-e*"'])
  expect(found('index=a process IN ("*7z*", "*.rar*")')).toHaveLength(1)
  expect(found('index=a process="* -e *" file="*$*" NOT x!="*a*"')).toEqual([])
})

test('a search that narrows nothing down says so', () => {
  expect(found('index=* user=* | stats count by user')).toEqual(['reads-everything: index=* user=* '])
  expect(found('index=* | where user="x"')).toEqual([])
  expect(found('index=a | stats count')).toEqual([])
  expect(found('* | append [search index=* | stats count] | search x=1')).toEqual([])
})

test('work that the next command undoes has no effect', () => {
  expect(found('index=a | sort 0 - _time | stats count, values(x) by host')).toEqual([
    'no-effect: sort 0 - _time ',
  ])
  expect(found('index=a | sort 0 - _time | stats first(x) by host')).toEqual([])
  expect(found('index=a | sort 10 - _time | stats count by host')).toEqual([])
  expect(found('index=a | stats count by host | dedup host')).toEqual(['no-effect: dedup host'])
  expect(found('index=a | stats count by host, user | dedup host')).toEqual([])
})

test('regular expressions that can blow up', () => {
  expect(found('index=a | where match(process, "(a+)+$")')).toEqual(['costly-regex: "(a+)+$"'])
  expect(found('index=a | rex field=x "(?<y>(\\\\w+\\\\s?)+)!"')).toHaveLength(1)
  expect(found('index=a | regex process="cmd.*\\\\s+/c"')).toEqual([])
})

test('fields of a data model are those that it has', () => {
  const dataset = {
    model: 'Endpoint',
    path: 'Processes',
    fields: ['Processes.process_name', 'Processes.dest'],
  } as unknown as DataModelDataset
  const dataModels = { get: () => dataset, names: () => ['Endpoint'] }
  const search = (rest: string) => `| tstats count from datamodel=Endpoint.Processes ${rest}`
  expect(found(search('where Processes.process_name=x by Processes.dest host'), { dataModels })).toEqual([])
  const [wrong] = checkSearch(read(search('where processes.process_name=x by Processes.dest')), {
    dataModels,
  })
  expect(wrong).toMatchObject({
    code: 'field-not-in-datamodel',
    message: 'The data model Endpoint has no field "processes.process_name" in Processes.',
    help: 'Did you mean "Processes.process_name"?',
  })
  expect(found(search('by Processes.dset'), { dataModels })).toEqual([
    'field-not-in-datamodel: Processes.dset',
  ])
  expect(found(search('by dest'), { dataModels })).toEqual(['field-not-in-datamodel: dest'])
})

test('the fields of events are those that no command made', () => {
  const fields = (text: string) => [...(eventFields(read(text).pipeline) ?? ['?'])].sort()
  expect(
    fields('EventCode=1 | eval x=Image | where x="a" | stats count by Computer x | where count>1'),
  ).toEqual(['Computer', 'EventCode', 'Image'])
  expect(fields('a=1 | spath | stats count by b')).toEqual(['?'])
  expect(fields('| makeresults')).toEqual(['?'])
})
