import { expect, test } from 'vitest'
import { searchWith } from '../../../test/support/search-with-knowledge.ts'

const forms = new Map([
  ['student', 'Students Name: [[string:student_name]]\nAge: [[int:age]] Zip: [[int:zip]]\n'],
  ['mail', 'From: [[nspaces:from]] (total $[[float:sum]])'],
  ['broken', 'x [[unheard-of:y]]'],
])
const transforms = '[string]\nREGEX = [A-Za-z ]+\n'
const texts = { forms, transforms }

test('kvform takes the fields out of an event that fits the form', async () => {
  const { rows } = await searchWith('* | kvform form=student', texts, [
    { raw: '1', _raw: 'Students Name: Ann Lee\nAge: 21  Zip: 0x1F' },
    { raw: '2', _raw: 'nothing of the kind' },
  ])
  expect(rows).toEqual([{ raw: '1', student_name: 'Ann Lee', age: '21', zip: '0x1F' }, { raw: '2' }])
})

test('without a form, the sourcetype or another field names it; other rows stay as they are', async () => {
  const input = [
    { sourcetype: 'mail', kind: 'x', _raw: 'From: a@b.example (total $7.5)' },
    { sourcetype: 'other', kind: 'mail', _raw: 'From: c@d.example (total $8)' },
  ]
  expect((await searchWith('* | kvform | table from sum', texts, input)).rows).toEqual([
    { from: 'a@b.example', sum: '7.5' },
    {},
  ])
  expect((await searchWith('* | kvform field=kind | table from', texts, input)).rows).toEqual([
    {},
    { from: 'c@d.example' },
  ])
})

test('forms that are missing or name an unknown expression are refused', async () => {
  expect((await searchWith('* | kvform', {})).error).toMatch(/needs forms, and there are none/)
  expect((await searchWith('* | kvform form=students', texts)).error).toMatch(/Did you mean "student"/)
  expect((await searchWith('* | kvform form=broken', texts)).error).toMatch(
    /The form "broken" uses the expression "unheard-of"/,
  )
  expect((await searchWith('* | kvform form=a field=b', texts)).error).toMatch(/either "form" or "field"/)
})
