import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { bundledPacks, loadKnowledge } from './knowledge.ts'

const context = { now: 0, timeZone: 'UTC', warn: () => {} }

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'karst-app-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

async function load(...folders: string[]) {
  const said: Diagnostic[] = []
  const knowledge = await loadKnowledge({ folders, context, report: (diagnostic) => said.push(diagnostic) })
  return { knowledge, said: said.map(({ message }) => message) }
}

test('local wins over default, a later folder over an earlier one, key by key', async () => {
  const first = folderOf({
    'default/macros.conf': '[a]\ndefinition = default\n[b]\ndefinition = first\n[c]\ndefinition = first',
    'local/macros.conf': '[a]\ndefinition = local',
  })
  const second = folderOf({ 'macros.conf': '[b]\ndefinition = second' })
  const { macros } = (await load(first, second)).knowledge
  expect(['a', 'b', 'c'].map((name) => macros.get(name)?.definition)).toEqual(['local', 'second', 'first'])
})

test('an add-on may replace how Windows events are read, and keeps what it does not mention', async () => {
  const addOn = folderOf({ 'default/props.conf': '[XmlWinEventLog]\nKV_MODE = none\nEVAL-dest = "mine"' })
  const { knowledge, said } = await load(...(await bundledPacks()), addOn)
  const profile = knowledge.profile({ sourcetype: 'xmlwineventlog', source: 'x', host: 'h' })
  expect(profile.automatic).toBe('none')
  expect([...profile.calculated.keys()]).toEqual(['dest', 'vendor_product'])
  expect(said).toEqual([])
})

test('what is not supported is named with its file and line', async () => {
  const folder = folderOf({
    'default/props.conf':
      '[x]\nTRUNCATE = 0\nKV_MODE = other\nNO_SUCH_KEY = 1\nSEDCMD-a = s/a/b/\nREPORT-b = missing\nTRANSFORMS-h = hosts, drop, gone\nDATETIME_CONFIG = my.xml\nINDEXED_EXTRACTIONS = xml',
    'default/transforms.conf':
      '[hosts]\nREGEX = (x)\nFORMAT = host::$1\nDEST_KEY = MetaData:Host\n[drop]\nREGEX = x\nDEST_KEY = queue\nFORMAT = nullQueue\n[t]\nfilename = t.csv\nfilter = a=1',
    'default/eventtypes.conf': '[e]\nsearch = a=1\ntags = old',
    'default/tags.conf': '[nonsense]\na = enabled',
  })
  const { knowledge, said } = await load(folder)
  knowledge.profile({ sourcetype: 'x', source: 's', host: 'h' })
  const all: string[] = []
  const again = await loadKnowledge({
    folders: [folder],
    context,
    report: ({ message }) => all.push(message),
  })
  again.profile({ sourcetype: 'x', source: 's', host: 'h' })
  expect(said).toEqual(all.slice(0, said.length))
  expect(all.sort()).toEqual([
    '"NO_SUCH_KEY" in [x] of props.conf is not supported; it was ignored.',
    '"filter" of the lookup [t] is not supported; it was ignored.',
    '"tags" of the eventtype "e" is not supported; it was ignored.',
    'DATETIME_CONFIG = my.xml in [x] of props.conf is not supported; it was ignored.',
    'INDEXED_EXTRACTIONS = xml in [x] of props.conf is not supported; it was ignored.',
    'KV_MODE = other is not supported; no fields are extracted automatically.',
    'REPORT-b uses "missing", which transforms.conf does not define; it was skipped.',
    'TRANSFORMS-h in [x] names [drop], which drops or routes events (DEST_KEY = queue); Karst keeps them all.',
    'TRANSFORMS-h in [x] names [gone], which is not defined in transforms.conf.',
    'The stanza "[nonsense]" of tags.conf names no field value; it was skipped.',
  ])
})

test('lookup files and data models are found in their folders', async () => {
  const folder = folderOf({
    'default/transforms.conf': '[users]\nfilename = users.csv',
    'lookups/users.csv': 'name,role\nalice,admin',
    'default/data/models/Mine.json':
      '{"modelName":"Mine","objects":[{"objectName":"Root","constraints":[{"search":"a=1"}]}]}',
  })
  const { knowledge, said } = await load(folder)
  expect([...knowledge.lookups.get('users')!.rows()]).toEqual([['alice', 'admin']])
  expect(knowledge.dataModels.get('Mine')?.path).toBe('Root')
  expect(said).toEqual([])
})

test('an eventtype that refers to itself matches nothing and does not hang', async () => {
  const folder = folderOf({
    'eventtypes.conf': '[loop]\nsearch = eventtype=loop OR eventtype=other\n[other]\nsearch = eventtype=loop',
  })
  const { knowledge } = await load(folder)
  expect(knowledge.possibleEventtypes(new Map([['sourcetype', 'x']])).length).toBe(0)
})

test('JSON that Splunk would read while indexing is read at search time', async () => {
  const folder = folderOf({
    'props.conf': '[b]\nINDEXED_EXTRACTIONS = json\n[c]\nINDEXED_EXTRACTIONS = W3C',
  })
  const { knowledge, said } = await load(folder)
  const modes = ['b', 'c'].map(
    (sourcetype) => knowledge.profile({ sourcetype, source: 's', host: 'h' }).automatic,
  )
  expect(modes).toEqual(['json', 'auto'])
  expect(said).toEqual([])
})
