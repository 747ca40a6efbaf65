import { expect, test } from 'vitest'
import { parseConf } from './conf-file.ts'
import { readTags } from './tags.ts'

const tags = (conf: string, field: string, value: string): readonly string[] =>
  readTags(
    parseConf(conf, 'tags.conf', () => {}),
    () => {},
  )
    .find((entry) => entry.field === field)
    ?.tagsOf(value) ?? []

test('enabled tags are given, disabled ones are not', () => {
  expect(
    tags('[eventtype=logon]\nauthentication = enabled\nchange = disabled', 'eventtype', 'logon'),
  ).toEqual(['authentication'])
})

test('values may hold wildcards and escapes', () => {
  const conf = '[host=web*]\nfront = enabled\n[source=a%3Ab]\nx = enabled'
  expect(tags(conf, 'host', 'web7')).toEqual(['front'])
  expect(tags(conf, 'host', 'db')).toEqual([])
  expect(tags(conf, 'source', 'a:b')).toEqual(['x'])
})

test('a stanza that gives tags to tags, or names no value, is reported and skipped', () => {
  const said: string[] = []
  const conf = parseConf(
    '[tag=a]\nb = enabled\n[tag::host=a]\nb = enabled\n[nothing]\nx = enabled',
    'tags.conf',
    () => {},
  )
  expect(readTags(conf, ({ message }) => said.push(message))).toEqual([])
  expect(said).toHaveLength(3)
  expect(said[0]).toBe('The stanza "[tag=a]" of tags.conf gives tags to a tag; it was skipped.')
})
