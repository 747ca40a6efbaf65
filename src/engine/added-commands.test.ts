import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runVerb } from '../../test/support/run-verb.ts'
import { openOptions } from '../cli/open-options.ts'
import type { Terminal } from '../cli/terminal.ts'
import { search as searchVerb } from '../cli/verbs/search.ts'
import { limitsOf } from '../config/limits.ts'
import { loadConfig } from '../config/load.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { SearchError } from '../diagnostics/diagnostic.ts'
import { resultRow } from '../value/result-row.ts'
import { type KarstOptions, openKarst } from './engine.ts'

const app = new URL('../../test/fixtures/commands-app', import.meta.url).pathname

async function run(spl: string, options: KarstOptions = { apps: [app], appsWithCode: [app] }) {
  const said: Diagnostic[] = []
  const karst = await openKarst({
    now: 1_700_000_000,
    report: (diagnostic) => said.push(diagnostic),
    ...options,
  })
  const rows: object[] = []
  for await (const batch of karst.search(spl, []).rows)
    rows.push(...batch.rows().map((row) => resultRow(new Map([...row].filter(([name]) => name !== '_time')))))
  return { rows, said }
}

const message = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof SearchError ? error.message : Promise.reject(error)),
  )

describe('commands of an app', () => {
  test('run wherever Karst has commands', async () => {
    const { rows } = await run(
      '| countdown 2 | eval word="n".n | shout word | append [| makeresults | eval word="x" | upcase word] | map search="| makeresults | eval word=\\"b$word$\\" | shout word" maxsearches=2',
    )
    expect(rows).toEqual([{ word: 'BN2' }, { word: 'BN1' }])
  })

  test('may take the place of commands that Karst refuses', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'karst-model-'))
    writeFileSync(join(folder, 'lengths.csv'), 'field,limit\nsize,10\n')
    const lookups = new Map([['lengths.csv', join(folder, 'lengths.csv')]])
    const options = { apps: [app], appsWithCode: [app], lookups }
    const { rows } = await run('| makeresults | eval size=11 | apply lengths.csv | table IsOutlier*', options)
    expect(rows).toEqual([{ 'IsOutlier(size)': '1.0' }])
    expect(await message(run('| makeresults | apply nothing', options))).toBe('There is no model "nothing".')
  })

  test('that are wrong are reported one by one, and the others work', async () => {
    const { said } = await run('| makeresults')
    const messages = said
      .filter(({ code }) => code === 'bad-command')
      .map((diagnostic) => diagnostic.message.replaceAll(join(app, 'karst/commands/'), ''))
    expect(messages).toEqual([
      'typed.ts is TypeScript, which is not loaded.',
      'collides.js: the command "stats" is there already, from Karst itself. It was left out.',
      'no-default.js: there is no default export, so it gives no command.',
      'no-run.js: it has no method "run".',
      'throws.js cannot be loaded: Error: no database',
      'twice.js: the command "upcase" is there already, from another file of this folder. It was left out.',
      expect.stringMatching(/^unreadable\.js cannot be loaded: /),
    ])
  })

  test('of an app whose code may not run are refused by name', async () => {
    expect(await message(run('| makeresults | shout x', { apps: [app] }))).toBe(
      `The command "shout" is not supported: it is code of the app ${app}, which runs only where --app names that app on the command line.`,
    )
  })

  test('give way to those of a later app, and to those of the caller', async () => {
    const later = mkdtempSync(join(tmpdir(), 'karst-app-'))
    mkdirSync(join(later, 'karst/commands'), { recursive: true })
    writeFileSync(
      join(later, 'karst/commands/countdown.mjs'),
      `export default ({ Batch }) => ({ name: 'countdown', type: 'generating', parse: () => ({}), async *run() { yield Batch.fromRows([{ n: 'later' }]) } })`,
    )
    const apps = [app, later]
    expect((await run('| countdown', { apps, appsWithCode: apps })).rows).toEqual([{ n: 'later' }])
    const mine = {
      name: 'countdown',
      type: 'distributable streaming',
      summary: 'Hands rows on.',
      syntax: 'countdown',
      examples: [],
      parse: () => ({}),
      run: (_args: unknown, input) => input,
    } satisfies NonNullable<KarstOptions['commands']>[number]
    const own = await run('| makeresults | eval a=1 | countdown', {
      apps,
      appsWithCode: apps,
      commands: [mine],
    })
    expect(own.rows).toEqual([{ a: '1' }])
  })

  test('are loaded where --app names the app, and not where a karst.yaml does that was found', async () => {
    const spl = '| makeresults | eval word="a" | shout word | table word'
    const named = await runVerb(searchVerb, spl, '--app', app, '-o', 'ndjson')
    expect(named.out).toBe('{"word":"A"}\n')

    const folder = mkdtempSync(join(tmpdir(), 'karst-config-'))
    writeFileSync(join(folder, 'karst.yaml'), `app: ${app}\n`)
    const config = loadConfig({ folder, home: folder, environment: {}, options: new Map() })
    const invocation = { options: { app: [app] }, config, limits: limitsOf(config.values), positionals: [] }
    const terminal = { error: () => {} } as unknown as Terminal
    const { engine } = openOptions({ ...invocation, terminal, signal: new AbortController().signal })
    expect(await message(run(spl, engine))).toMatch(
      /it is code of the app .* only where --app names that app/,
    )
  })
})
