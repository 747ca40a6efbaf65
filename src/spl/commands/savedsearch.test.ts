import { expect, test } from 'vitest'
import { searchWith } from '../../../test/support/search-with-knowledge.ts'

// ~ stands for a backtick.
const savedsearches = String.raw`
[Failed logons]
search = action=failure | stats count BY user

[Of a user]
search = user=$user$ | stats count AS $name$

[Recent]
search = ~recent(1)~ | table n
dispatch.earliest_time = -24h@h
dispatch.latest_time = now

[Prices]
search = * | where match(price, "^\$\d+$") OR match(price, "x$") | table price

[Circle]
search = n=1 | append [| savedsearch "Circle"]

[Empty]
description = no search at all
`.replaceAll('~', '`')
const macros = '[recent(1)]\nargs = least\ndefinition = n>$least$\n'
const texts = { savedsearches, macros }
const input = [
  { n: '1', user: 'alice', action: 'failure', price: '$5' },
  { n: '2', user: 'bob', action: 'failure' },
  { n: '3', user: 'alice', action: 'success' },
]

test('savedsearch runs a saved search', async () => {
  const { rows } = await searchWith('| savedsearch "Failed logons" | sort user', texts, input)
  expect(rows).toEqual([
    { user: 'alice', count: '1' },
    { user: 'bob', count: '1' },
  ])
})

test('the texts of tokens are put in before the search is read', async () => {
  const { rows } = await searchWith('| savedsearch "Of a user" user="ali*", name=logons', texts, input)
  expect(rows).toEqual([{ logons: '2' }])
})

test('a token without a text is an error, as in Splunk, unless nothing is to be replaced', async () => {
  const { error } = await searchWith('| savedsearch "Of a user" user=bob', texts, input)
  expect(error).toMatch(/"Of a user" needs a text for \$name\$/)
  const { rows } = await searchWith('| savedsearch "Of a user" nosubstitution=true', texts, input)
  expect(rows).toEqual([{ $name$: '0' }])
})

test('dollar signs of regular expressions are no tokens', async () => {
  const { rows } = await searchWith('| savedsearch Prices', texts, input)
  expect(rows).toEqual([{ price: '$5' }])
})

test('a saved time range has no effect, and a warning says so unless a range was given', async () => {
  const recent = { ...texts, savedsearches: savedsearches.replace('`recent(1)`', 'n>1') }
  const open = await searchWith('| savedsearch Recent', recent, input)
  expect(open.rows).toEqual([{ n: '2' }, { n: '3' }])
  expect(open.warnings).toEqual([
    'The time range that is saved with "Recent" (-24h@h to now) has no effect: the search reads all events.',
  ])
  const ranged = await searchWith('| savedsearch Recent', recent, input, { latest: 2_000_000_000 })
  expect(ranged.warnings).toEqual([])
})

test('macros of a saved search are expanded', async () => {
  const { rows } = await searchWith('| savedsearch Recent', texts, input)
  expect(rows).toEqual([{ n: '2' }, { n: '3' }])
})

test('a search that runs itself, or is not there, is refused', async () => {
  expect((await searchWith('| savedsearch Circle', texts, input)).error).toMatch(/"Circle" runs itself/)
  expect((await searchWith('| savedsearch "Failed logon"', texts, input)).error).toMatch(
    /no saved search "Failed logon". Did you mean "Failed logons"/,
  )
  expect((await searchWith('| savedsearch Empty', texts, input)).error).toMatch(/no saved search "Empty"/)
  expect((await searchWith('| savedsearch federated:x', texts, input)).error).toMatch(/no other Splunk/)
})

test('from, union and map run saved searches, too', async () => {
  expect((await searchWith('| from savedsearch:"Failed logons"', texts, input)).rows).toHaveLength(2)
  expect((await searchWith('n=3 | table n | union savedsearch:Recent', texts, input)).rows).toEqual([
    { n: '3' },
    { n: '2' },
    { n: '3' },
  ])
  const saved = '[Seen]\nsearch = user=$user$ n!=$n$ | eval with=$n$ | table user n with\n'
  const { rows } = await searchWith('n=1 | map Seen', { savedsearches: saved }, input)
  expect(rows).toEqual([{ user: 'alice', n: '3', with: '1' }])
})
