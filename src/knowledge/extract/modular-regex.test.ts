import { expect, test } from 'vitest'
import { expandModularRegex, isModular } from './modular-regex.ts'

const find = (stanzas: Readonly<Record<string, string>>) => (name: string) =>
  Object.hasOwn(stanzas, name) ? stanzas[name] : undefined

test('a named expression is put in its place, as a group where it gets a prefix', () => {
  expect(expandModularRegex('^[[nspaces:clientip]] [[digits]]$', find({}))).toEqual({
    regex: '^(?<clientip>\\S+) (?:\\d+)$',
  })
})

test('groups of the named expression get the prefix before their names', () => {
  const stanzas = { url: '(?<scheme>\\w+)://(?<>[^/]+)' }
  expect(expandModularRegex('[[url:ref_]]', find(stanzas))).toEqual({
    regex: '(?:(?<ref_scheme>\\w+)://(?<ref_>[^/]+))',
  })
})

test('those of transforms.conf win over those that Splunk defines', () => {
  expect(expandModularRegex('[[int:n]]', find({ int: '[0-9]' }))).toEqual({ regex: '(?<n>[0-9])' })
})

test('lookbehinds are no names', () => {
  expect(expandModularRegex('[[a:x]]', find({ a: '(?<=b)c(?<!d)' }))).toEqual({
    regex: '(?<x>(?<=b)c(?<!d))',
  })
})

test('a class is not a name', () => {
  expect(isModular('[[:alpha:]]+ [[^]] [a[b]]')).toBe(false)
})

test('what is not defined, or leads back to itself, is told', () => {
  expect(expandModularRegex('[[octet]] [[nothing:x]]', find({}))).toEqual({ missing: 'nothing' })
  expect(expandModularRegex('[[a]]', find({ a: '[[b]]', b: '[[a]]' }))).toHaveProperty('missing')
  const bomb = { a: '[[a]]'.repeat(500) }
  const start = performance.now()
  expect(expandModularRegex('[[a]]', find(bomb))).toHaveProperty('missing')
  expect(performance.now() - start).toBeLessThan(1000)
})
