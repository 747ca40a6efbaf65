import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Content, loadContent } from './load.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karst-content-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

const detection = (name: string, id: string, more = ''): string =>
  `name: ${name}\nid: ${id}\nversion: 1\ntype: TTP\nsearch: index=main\n${more}`

const macro = (name: string, definition: string): string => `name: ${name}\ndefinition: ${definition}\n`

/** Diagnostics without the name of the temporary folder. */
const told = ({ diagnostics }: Content): string[] =>
  diagnostics.map(({ severity, message }) => `${severity}: ${message.replaceAll(`${folder}/`, '')}`)

const paths = ({ detections }: Content): string[] => detections.map(({ path }) => path)

test('a repository is read by its folders', async () => {
  await write({
    'contentctl.yml': 'app: {}\n',
    'detections/endpoint/b.yml': detection('B', '2'),
    'detections/a.yml': detection('A', '1'),
    'macros/m.yml': macro('m', 'x'),
    'macros/m.csv': 'not content',
    'docs/guide.yml': 'hello: world\n',
    'detections/.hidden/c.yml': 'nothing\n',
  })
  const content = await loadContent([folder])
  expect(paths(content)).toEqual(['detections/a.yml', 'detections/endpoint/b.yml'])
  expect([...content.macros.keys()]).toEqual(['m', 'a_filter', 'b_filter'])
  expect(told(content)).toEqual([])
})

test('a folder of loose files is read by their keys', async () => {
  await write({ 'a.yml': detection('A', '1'), 'sub/m.yaml': macro('m', 'x'), 'ci.yml': 'on: push\n' })
  const content = await loadContent([folder])
  expect(paths(content)).toEqual(['a.yml'])
  expect(content.macros.has('m')).toBe(true)
  expect(told(content)).toEqual([
    'note: ci.yml is no detection, macro, lookup, story, data source or baseline.',
  ])
})

test('a file from a repository brings what detections need, but no other detections', async () => {
  await write({
    'detections/endpoint/a.yml': detection('A', '1'),
    'detections/endpoint/b.yml': detection('B', '2'),
    'macros/m.yml': macro('m', 'x'),
  })
  const one = await loadContent([join(folder, 'detections/endpoint/a.yml')])
  expect(paths(one)).toEqual(['detections/endpoint/a.yml'])
  expect(one.macros.has('m')).toBe(true)
  const some = await loadContent([join(folder, 'detections/endpoint')])
  expect(paths(some)).toEqual(['a.yml', 'b.yml'])
  expect(some.macros.has('m')).toBe(true)
})

test('broken files are named and the rest loads', async () => {
  await write({
    'bad-yaml.yml': 'name: "x\n',
    'no-search.yml': 'name: N\nid: 3\ntype: TTP\nhow_to_implement: x\n',
    'good.yml': detection('A', '1'),
    'huge.yml': `name: ${'x'.repeat(3 * 1024 * 1024)}`,
  })
  const content = await loadContent([folder])
  expect(paths(content)).toEqual(['good.yml'])
  expect(told(content)).toEqual([
    'error: bad-yaml.yml: is not valid YAML: Missing closing "quote.',
    'error: huge.yml is larger than 2 MB, so it is not read as content.',
    'error: no-search.yml: the detection has no "search".',
  ])
})

describe('the same id', () => {
  test('with other versions is fine', async () => {
    await write({
      'a.yml': detection('A', '1'),
      'a_v2.yml': detection('A', '1').replace('version: 1', 'version: 2'),
    })
    const content = await loadContent([folder])
    expect(content.detections.map(({ version }) => version)).toEqual([1, 2])
    expect(told(content)).toEqual([])
  })

  test('with the same version is an error that names both files', async () => {
    await write({ 'a.yml': detection('A', 'ab-1'), 'b.yml': detection('B', 'AB-1') })
    const content = await loadContent([folder])
    expect(paths(content)).toEqual(['a.yml'])
    expect(told(content)).toEqual(['error: b.yml: version 1 of the detection AB-1 is also in a.yml.'])
  })
})

test('a macro that is defined twice differently: the first counts, with a warning', async () => {
  await write({
    'mine/m.yml': macro('m', 'mine'),
    'theirs/m.yml': macro('m', 'theirs'),
    'theirs/same.yml': macro('same', 'x'),
    'theirs/same2.yml': macro('same', 'x'),
  })
  const content = await loadContent([join(folder, 'mine'), join(folder, 'theirs')])
  expect(content.macros.get('m')?.definition).toBe('mine')
  expect(told(content)).toEqual([
    'warning: The macro "m" in theirs/m.yml is also defined in mine/m.yml, which is used.',
  ])
})

test('a filter macro that a file defines is kept', async () => {
  await write({ 'a.yml': detection('A', '1'), 'f.yml': macro('a_filter', 'search host=x') })
  expect((await loadContent([folder])).macros.get('a_filter')?.definition).toBe('search host=x')
})

test('an unknown key is told once, however many files have it', async () => {
  await write({
    'a.yml': detection('A', '1', 'serach: x\nreferances: []\n'),
    'b.yml': detection('B', '2', 'serach: x\n'),
  })
  const { diagnostics } = await loadContent([folder])
  expect(diagnostics.map(({ message, help }) => [message.replaceAll(`${folder}/`, ''), help])).toEqual([
    ['Unknown key "serach" in 2 detection files; it has no effect.', 'Did you mean "search"?'],
    ['Unknown key "referances" in the detection a.yml; it has no effect.', 'Did you mean "references"?'],
  ])
})

test('files that are reached twice count once, and links to folders end nowhere', async () => {
  await write({ 'detections/a.yml': detection('A', '1') })
  await symlink(folder, join(folder, 'detections/loop'))
  const content = await loadContent([folder, join(folder, 'detections'), join(folder, 'detections/a.yml')])
  expect(content.detections).toHaveLength(1)
  expect(told(content)).toEqual([])
})

test('what is not there, empty or no YAML is said', async () => {
  await write({ 'notes.txt': 'hello', 'empty/readme.txt': '', 'alone.yml': 'hello: world\n' })
  expect(told(await loadContent([join(folder, 'nowhere')]))).toEqual([
    'error: There is no content at "nowhere".',
  ])
  expect(told(await loadContent([join(folder, 'empty')]))).toEqual(['error: "empty" holds no content.'])
  expect(told(await loadContent([join(folder, 'notes.txt')]))).toEqual([
    'error: "notes.txt" is neither a YAML file nor a savedsearches.conf.',
  ])
  expect(told(await loadContent([join(folder, 'alone.yml')]))).toEqual([
    'error: alone.yml is no detection, macro, lookup, story, data source or baseline.',
  ])
})

test('the bundled pack holds both forms of the seed analytic as published', async () => {
  const { detections, macros, stories, dataSources, diagnostics } = await loadContent([
    fileURLToPath(new URL('../../packs/content', import.meta.url)),
  ])
  expect(diagnostics).toEqual([])
  const [v3, v1] = detections
  expect(detections.map(({ id, version }) => [id, version])).toEqual([
    ['fa1c3040-4680-11ec-a618-3e22fbd008af', 3],
    ['fa1c3040-4680-11ec-a618-3e22fbd008af', 1],
  ])
  expect(v1?.search.text.split('\n')).toEqual([
    '`powershell` EventCode=4104 (Message="*Document.Application.ShellExecute*" OR Message="*Document.ActiveView.ExecuteShellCommand*")',
    '| stats count min(_time) as firstTime max(_time) as lastTime by EventCode Message ComputerName User',
    '| `security_content_ctime(firstTime)`',
    '| `remote_process_instantiation_via_dcom_and_powershell_script_block_filter`',
  ])
  expect(v3?.search.text.split('\n')).toEqual([
    '`powershell` EventCode=4104 (ScriptBlockText="*Document.Application.ShellExecute*" OR ScriptBlockText="*Document.ActiveView.ExecuteShellCommand*")',
    '| stats count min(_time) as firstTime max(_time) as lastTime by EventCode ScriptBlockText Computer user_id',
    '| `security_content_ctime(firstTime)`',
    '| `security_content_ctime(lastTime)`',
    '| `remote_process_instantiation_via_dcom_and_powershell_script_block_filter`',
  ])
  expect(v1?.risk?.objects).toEqual([{ field: 'ComputerName', type: 'system', score: 63 }])
  expect(v3?.risk?.objects).toEqual([{ field: 'Computer', type: 'system', score: 63 }])
  expect(v1?.tags.killChainPhases).toEqual(['Lateral Movement'])
  expect(v3?.tags.killChainPhases).toEqual(['Exploitation'])
  expect(macros.get('security_content_ctime(1)')?.definition).toBe(
    'convert timeformat="%Y-%m-%dT%H:%M:%S" ctime($field$)',
  )
  expect([...stories.keys()]).toEqual(['Active Directory Lateral Movement'])
  expect([...dataSources.keys()]).toEqual(['Powershell Script Block Logging 4104'])
})

const escu = fileURLToPath(new URL('../../../shared/corpus/escu', import.meta.url))
if (!existsSync(escu)) console.warn('SKIPPED: ../shared is missing')

test.skipIf(!existsSync(escu))("all of Splunk's content loads without complaint", async () => {
  const content = await loadContent([escu])
  expect(content.diagnostics).toEqual([])
  expect(content.detections).toHaveLength(969)
  expect(content.lookups.size).toBe(79)
  expect(content.stories.size).toBe(247)
  expect(content.dataSources.size).toBe(119)
  expect(content.baselines).toHaveLength(55)
  // 189 macros of the repository and a filter for each detection.
  expect(content.macros.size).toBe(189 + 969)
  expect(content.detections.filter(({ risk }) => risk === undefined)).toEqual([])
})
