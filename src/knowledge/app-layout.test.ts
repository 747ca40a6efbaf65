// An add-on as Splunk's own are laid out: what of it is read, which layer wins, and what is named as not read.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { batchOfText, rowsOf } from '../../test/support/batch-of-text.ts'
import { loadKnowledge } from './knowledge.ts'

function appOf(name: string, files: Record<string, string>): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'karst-apps-')), name)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

const addOn = appOf('TA-door', {
  'README/props.conf.spec': '[x]\nKV_MODE = <string>',
  'README.txt': 'Reads doors.',
  'LICENSE.txt': '…',
  'app.manifest': '{}',
  'metadata/default.meta': '[]\nexport = system',
  'bin/door.py': 'raise SystemExit',
  'static/appIcon.png': 'png',
  'default/app.conf': '[launcher]\nversion = 1.0',
  'default/inputs.conf': '[monitor:///var/log/door]\nsourcetype = door:log',
  'default/data/ui/nav/default.xml': '<nav/>',
  'default/props.conf': `[source::.../door.log]
sourcetype = door:log

[door:log]
TIME_PREFIX = ^
TIME_FORMAT = %d.%m.%Y %H:%M:%S
TZ = Europe/Berlin
SHOULD_LINEMERGE = false
TRUNCATE = 0
REPORT-pairs = door_pairs
FIELDALIAS-user = who AS user
EVAL-vendor_product = "Door"
LOOKUP-zone = door_zones door OUTPUTNEW zone
CHECK_FOR_HEADER = true
TRANSFORMS-drop = door_noise`,
  'local/props.conf': '[door:log]\nEVAL-vendor_product = "Our door"',
  'default/transforms.conf': `[door_pairs]
DELIMS = " ", "="

[door_noise]
REGEX = heartbeat
DEST_KEY = queue
FORMAT = nullQueue

[door_zones]
filename = door_zones.csv

[door_owners]
external_type = kvstore
collection = door_owners`,
  'default/collections.conf': '[door_owners]\nfield.door = string\nfield.owner = string',
  'default/eventtypes.conf': '[door_open]\nsearch = sourcetype=door:log act=open',
  'default/tags.conf': '[eventtype=door_open]\nauthentication = enabled',
  'default/macros.conf': '[doors]\ndefinition = sourcetype=door:log',
  'default/fields.conf': '[badges]\nTOKENIZER = ([^;]+)\n[who]\nINDEXED = true',
  'lookups/door_zones.csv': 'door,zone\nd1,north\n',
  'lookups/door_owners.json': '[{"door": "d1", "owner": "ann"}]',
  'default/data/models/Doors.json':
    '{"modelName":"Doors","objects":[{"objectName":"Root","constraints":[{"search":"tag=authentication"}]}]}',
})

async function load(...folders: string[]) {
  const said: string[] = []
  const knowledge = await loadKnowledge({
    folders,
    context: { now: 1_700_000_000, timeZone: 'UTC', warn: () => {} },
    report: ({ message, severity }) => said.push(`${severity}: ${message}`),
  })
  return { knowledge, said }
}

test('everything that it says about events is done, local before default', async () => {
  const { knowledge } = await load(addOn)
  const batch = await batchOfText('15.11.2021 14:19:27 act=open who=eve door=d1\n', knowledge, {
    defaults: { sourcetype: 'door:log' },
  })
  expect(rowsOf(batch, '_time', 'user', 'zone', 'vendor_product', 'eventtype', 'tag')).toEqual([
    [1_636_982_367, 'eve', 'north', 'Our door', 'door_open', 'authentication'],
  ])
  expect(knowledge.macros.get('doors')?.definition).toBe('sourcetype=door:log')
  expect([...knowledge.lookups.get('door_owners')!.rows()]).toEqual([['', 'd1', 'ann']])
  expect(knowledge.dataModels.get('Doors')?.path).toBe('Root')
})

test('what is not done is named, once each', async () => {
  expect((await load(addOn)).said).toEqual([
    'warning: [badges] of TA-door/default/fields.conf says how values of a field are split (TOKENIZER) and indexed; it was ignored (TOKENIZER).',
    'note: The app TA-door has inputs.conf, which say nothing about events or searches here; they were not read.',
    'warning: "CHECK_FOR_HEADER" in [door:log] of props.conf is not supported; it was ignored.',
    'note: TRANSFORMS-drop in [door:log] names [door_noise], which drops or routes events (DEST_KEY = queue); Karst keeps them all.',
  ])
})

test("what is local in any app wins over every app's defaults", async () => {
  const later = appOf('later', {
    'default/props.conf': '[door:log]\nEVAL-vendor_product = "Later"\nEVAL-app = "later"',
  })
  const { knowledge } = await load(addOn, later)
  const batch = await batchOfText('15.11.2021 14:19:27 x=1\n', knowledge, {
    defaults: { sourcetype: 'door:log' },
  })
  expect(rowsOf(batch, 'vendor_product', 'app')).toEqual([['Our door', 'later']])
})
