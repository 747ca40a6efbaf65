import { mkdtempSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { readAnalyticStories } from './analyticstories-conf.ts'
import { type Content, loadContent } from './load.ts'

const folders: string[] = []
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))))

/** Loads a folder with these files. */
async function load(files: Readonly<Record<string, string>>, inside = ''): Promise<Content> {
  const root = mkdtempSync(join(tmpdir(), 'karst-project-'))
  folders.push(root)
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(root, dirname(name)), { recursive: true })
    await writeFile(join(root, name), text)
  }
  return loadContent([join(root, inside)])
}

const messages = ({ diagnostics }: Content): string[] =>
  diagnostics.map(({ message }) => message.replace(/\S*karst-project-\w+\//g, ''))

const detection = 'name: Odd\nid: i\ntype: Anomaly\nsearch: index=main | `odd_filter`\n'
const built = `[ACME - Odd - Rule]
search = index=main | \`odd_filter\`
action.escu.analytic_story = ["Odd Things"]
action.escu.known_false_positives = Backups.
`
const told = `[analytic_story://Odd Things]
category = Adversary Tactics, Malware
last_updated = 2024-05-12
version = 3
references = ["https://example.org/a"]
maintainers = [{"company": "ACME", "email": "-", "name": "Ann"}]
spec_version = 3
searches = ["ACME - Odd - Rule"]
description = What is odd.
narrative = It began \\
long ago.
colour = red

[savedsearch://ACME - Odd - Rule]
type = detection
asset_type = Endpoint
how_to_implement = Collect it.
known_false_positives = none
`

test('a repository says what its searches are called in Splunk', async () => {
  const files = { 'detections/odd.yml': detection }
  const label = async (settings: string): Promise<string | undefined> =>
    (await load({ ...files, 'contentctl.yml': settings })).detections[0]?.searchName
  expect(await label('path: .\napp: {label: ACME, title: Acme Content}\n')).toBe('ACME - Odd - Rule')
  expect(await label('build: {prefix: OLD, title: x}\n')).toBe('OLD - Odd - Rule')
  expect(await label('path: .\n')).toBeUndefined()
  const one = await load({ ...files, 'contentctl.yml': 'app: {label: ACME}' }, 'detections/odd.yml')
  expect(one.detections[0]?.searchName).toBe('ACME - Odd - Rule')
})

test('settings and deployments that are wrong are named, and the detections load', async () => {
  const content = await load({
    'detections/odd.yml': detection,
    'contentctl.yml': 'app: {label: ACME, labl: x}\n',
    'deployments/a.yml':
      'name: A\ntype: Anomaly\nscheduling: {cron_schedule: x}\nalert_action: {rba: {enabled: true}}\n',
    'deployments/b.yml': 'name: B\ntype: Anomaly\nalert_action: {notable: {rule_title: x}}\nschedulin: x\n',
    'deployments/c.yml': 'name: C\nalert_action: [\n',
  })
  expect(content.detections).toHaveLength(1)
  expect(messages(content)).toEqual([
    'The deployment "B" lets Anomaly detections raise no risk and make notable events; Karst goes by the type alone.',
    expect.stringContaining('deployments/c.yml: is not valid YAML'),
    `Unknown key "app.labl" in the project contentctl.yml; it has no effect.`,
    'Unknown key "schedulin" in the deployment deployments/b.yml; it has no effect.',
  ])
})

test('a built app brings its stories, and what they say about its searches', async () => {
  const content = await load({
    'default/savedsearches.conf': built,
    'default/analyticstories.conf': told,
    'local/analyticstories.conf': '[analytic_story://Odd Things]\nversion = 4\nreferences = [broken\n',
  })
  expect([...content.stories.values()]).toEqual([
    {
      id: 'Odd Things',
      name: 'Odd Things',
      version: 4,
      date: '2024-05-12',
      author: 'Ann, ACME',
      status: 'production',
      description: 'What is odd.',
      narrative: 'It began \nlong ago.',
      references: [],
      categories: ['Adversary Tactics', 'Malware'],
      useCase: '',
      products: [],
      cve: [],
      path: expect.stringContaining('default/analyticstories.conf'),
    },
  ])
  expect(content.detections[0]).toMatchObject({
    searchName: 'ACME - Odd - Rule',
    howToImplement: 'Collect it.',
    knownFalsePositives: 'Backups.',
    tags: { assetType: 'Endpoint', analyticStories: ['Odd Things'] },
  })
  expect(messages(content)).toEqual([
    'Unknown key "colour" in default/analyticstories.conf; it has no effect.',
    expect.stringMatching(/^\[analytic_story:\/\/Odd Things\]: "references" is not valid JSON/),
  ])
})

test('hostile analyticstories.conf does no harm', () => {
  const text =
    '[analytic_story://__proto__]\nmaintainers = [null, 1, {"name": {}}]\nversion = 1e999\nbroken line\n[other]\nx=1\n'
  const { stories, diagnostics } = readAnalyticStories([{ name: 'a.conf', text }])
  expect(stories).toMatchObject([{ name: '__proto__', author: '', version: 1 }])
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'a.conf: "broken line" is neither a stanza nor a setting; the line was skipped.',
  ])
})
