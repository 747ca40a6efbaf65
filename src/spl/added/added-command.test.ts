import { describe, expect, test } from 'vitest'
import { SearchError } from '../../diagnostics/diagnostic.ts'
import { locatedText } from '../../diagnostics/source.ts'
import type { Value } from '../../value/value.ts'
import { checkSearch } from '../check/check.ts'
import { commandsWith } from '../commands/index.ts'
import { emptyHost } from '../index.ts'
import { rowsSource } from '../run/rows-source.ts'
import { parseSearch, runSearch } from '../run/run.ts'
import { type CommandModule, readAddedCommand } from './added-command.ts'
import { commandTools } from './command-tools.ts'

const { Batch } = commandTools

const whole = {
  name: 'mine',
  type: 'distributable streaming',
  parse: () => ({}),
  run: (_args: unknown, input: AsyncIterable<InstanceType<typeof Batch>>) => input,
}

const said = (run: () => unknown): string => {
  try {
    run()
    return 'nothing'
  } catch (error) {
    if (error instanceof SearchError) return error.diagnostics[0]!.message
    throw error
  }
}

describe('what a module exports', () => {
  test.each([
    [undefined, 'there is no default export, so it gives no command.'],
    [null, 'its default export is no command and makes none.'],
    ['mine', 'its default export is no command and makes none.'],
    [() => undefined, 'its default export is no command and makes none.'],
    [
      () => {
        throw new Error('broken')
      },
      'its default export failed: Error: broken.',
    ],
    [{ ...whole, name: 'Mine' }, '"name" must be a word in lower case, found "Mine".'],
    [{ ...whole, name: undefined }, '"name" must be a word in lower case, found nothing.'],
    [{ ...whole, aliases: 'x' }, '"aliases" must be a list of words in lower case, found "x".'],
    [
      { ...whole, type: 'streaming' },
      expect.stringMatching(/^"type" must be one of generating, .* found "streaming"\.$/),
    ],
    [{ ...whole, parse: undefined }, 'it has no method "parse".'],
    [{ ...whole, run: 1 }, 'it has no method "run".'],
    [{ ...whole, needs: new Set() }, '"needs" is there and is no method.'],
  ])('%#', (exported, expected) => {
    const message = said(() => readAddedCommand(exported, 'app/mine.js'))
    expect(message.replace('app/mine.js: ', '')).toEqual(expected)
  })

  test('may be a command, a function that makes one, or an instance of a class', () => {
    class Mine {
      readonly name = 'mine'
      readonly type = 'transforming'
      readonly #words = 'own state'
      parse() {
        return { words: this.#words }
      }
      async *run() {}
    }
    for (const exported of [whole, () => whole, new Mine()])
      expect(readAddedCommand(exported, 'x').name).toBe('mine')
    expect(readAddedCommand(new Mine(), 'x').parse(undefined as never)).toEqual({ words: 'own state' })
  })

  test('a name that is taken is no command more', () => {
    expect(() => commandsWith([readAddedCommand({ ...whole, name: 'stats' }, 'x')])).toThrow(
      /"stats" already/,
    )
  })
})

async function rowsOf(spl: string, definition: object): Promise<Map<string, Value>[]> {
  const options = {
    now: 0,
    timeZone: 'UTC',
    commands: commandsWith([readAddedCommand({ ...whole, ...definition }, 'app/mine.js')]),
  }
  const { pipeline } = parseSearch(locatedText({ name: 'search', text: spl }), emptyHost.macros, options)
  const host = { ...emptyHost, source: rowsSource([{ n: '1' }, { n: '2' }]) }
  const rows: Map<string, Value>[] = []
  for await (const batch of runSearch(pipeline, host, options)) rows.push(...batch.rows())
  return rows
}

describe('an added command that fails', () => {
  const failing = (method: string) => ({
    [method]: () => {
      throw new TypeError('x is undefined')
    },
  })

  test.each(['parse', 'run', 'needs'])('in %s() is told with its name and file', async (method) => {
    await expect(rowsOf('* | mine | table n', failing(method))).rejects.toThrow(
      `The command "mine" failed in ${method}(): TypeError: x is undefined (app/mine.js)`,
    )
  })

  test('by what it yields or needs is told, too', async () => {
    const text = {
      async *run() {
        yield 'text'
      },
    }
    await expect(rowsOf('* | mine', text)).rejects.toThrow(/it must yield batches/)
    await expect(rowsOf('* | mine | table n', { needs: () => ['n'] })).rejects.toThrow(
      /a Set of names or 'all'/,
    )
  })

  test('is not blamed for what fails before it', async () => {
    await expect(rowsOf('* | lookup nothing n | mine', {})).rejects.toThrow(
      /^The lookup "nothing" is not defined/,
    )
  })
})

test('an added command sees its input, and the search around it goes on', async () => {
  const double = {
    async *run(_args: unknown, input: AsyncIterable<InstanceType<typeof Batch>>) {
      for await (const batch of input) {
        yield batch
        yield batch
      }
    },
  }
  const rows = await rowsOf('* | mine | stats count', double)
  expect([...rows[0]!]).toEqual([['count', 4]])
})

test('what fields a search has after an added command is not known, so nothing is said about them', () => {
  const options = { now: 0, timeZone: 'UTC', commands: commandsWith([readAddedCommand(whole, 'x')]) }
  const search = parseSearch(
    locatedText({ name: 'search', text: 'index=a | stats count by user | mine | where other=1' }),
    emptyHost.macros,
    options,
  )
  expect(checkSearch(search)).toEqual([])
})

test('a command may be written in TypeScript', async () => {
  const turn: CommandModule = ({ mapColumn, textOf: text }) => ({
    name: 'turn',
    type: 'distributable streaming',
    summary: 'Turns the text of a field around.',
    syntax: 'turn <field>',
    examples: [],
    parse: (reader) => ({ field: reader.field() }),
    async *run({ field }, input) {
      for await (const batch of input) {
        const column = batch.column(field)
        const turned = column && mapColumn(column, (value) => [...(text(value) ?? '')].reverse().join(''))
        yield turned === undefined ? batch : batch.with([[field, turned]])
      }
    },
  })
  const rows = await rowsOf('| makeresults | eval a="abc" | turn a | table a', turn(commandTools))
  expect([...rows[0]!]).toEqual([['a', 'cba']])
})
