import { expect, test } from 'vitest'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { propsOf } from './props.ts'

const nobody = (diagnostic: Diagnostic): never => {
  throw new Error(diagnostic.message)
}
const setting = (
  conf: string,
  source: string,
  sourcetype = 'st',
  host = 'h',
  key = 'x',
): string | undefined => propsOf(conf, nobody).match({ source, sourcetype, host }).settings.get(key)?.value

test('source wins over host, host over sourcetype, sourcetype over default', () => {
  const conf = '[default]\nx=d\n[st]\nx=st\n[host::h]\nx=h\n[source::s]\nx=s'
  expect(setting(conf, 's')).toBe('s')
  expect(setting(conf, 'other')).toBe('h')
  expect(setting(conf, 'other', 'st', 'other')).toBe('st')
  expect(setting(conf, 'other', 'other', 'other')).toBe('d')
})

test('among patterns the first in ASCII order wins, unless priority says otherwise', () => {
  expect(setting('[source::...a...]\nx=a\n[source::...z...]\nx=z', 'az')).toBe('a')
  expect(setting('[source::...a...]\nx=a\npriority=5\n[source::...z...]\nx=z\npriority=10', 'az')).toBe('z')
})

test('a literal stanza wins over a pattern', () => {
  expect(setting('[source::/logs/.../*.log]\nx=p\n[source::/logs/abc/gh.log]\nx=l', '/logs/abc/gh.log')).toBe(
    'l',
  )
})

test('a star stops at a path separator, three dots do not', () => {
  expect(setting('[source::/a/*.log]\nx=1', '/a/b/c.log')).toBeUndefined()
  expect(setting('[source::/a/....log]\nx=1', '/a/b/c.log')).toBe('1')
  expect(setting('[source::WinEventLog:*]\nx=1', 'WinEventLog:Security')).toBe('1')
})

test('sourcetype and source are compared without regard to case', () => {
  expect(setting('[XmlWinEventLog]\nx=1', 's', 'xmlwineventlog')).toBe('1')
  expect(setting('[source::XmlWinEventLog:Security]\nx=1', 'xmlwineventlog:security')).toBe('1')
})

test('a sourcetype is a pattern only with the prefix that add-ons use', () => {
  expect(setting('[(?::){0}XmlWinEventLog:*]\nx=1', 's', 'XmlWinEventLog:Security')).toBe('1')
  expect(setting('[XmlWinEventLog:*]\nx=1', 's', 'XmlWinEventLog:Security')).toBeUndefined()
})

test('settings of several stanzas come together, and the same stanzas have the same key', () => {
  const props = propsOf('[st]\nx=1\n[source::a*]\ny=2', nobody)
  const first = props.match({ source: 'a1', sourcetype: 'st', host: '' })
  expect([...first.settings.keys()]).toEqual(['x', 'y'])
  expect(props.match({ source: 'a2', sourcetype: 'st', host: 'other' })).toBe(first)
})

test('rename and sourcetype are found by their stanzas', () => {
  const props = propsOf('[old]\nrename = new\n[source::*.log]\nsourcetype = mine', nobody)
  expect(props.renamed('OLD')).toBe('new')
  expect(props.renamed('other')).toBe('other')
  expect(props.assignedSourcetype('a.log')).toBe('mine')
  expect(props.assignedSourcetype('a.txt')).toBeUndefined()
})
