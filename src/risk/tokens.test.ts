import { expect, test } from 'vitest'
import type { Value } from '../value/value.ts'
import { fillMessage } from './tokens.ts'

const row = new Map<string, Value>([
  ['dest', 'host-1'],
  ['user', ['ann', 'bob']],
  ['actor.alternateId', 'a@b.c'],
  ['user.groups{}', 'admins'],
  ['PSWA Host', 'web01'],
  ['count', 3],
  ['empty', ''],
  ['evil', '$user$ and $dest$'],
])

test.each([
  ['no token at all', 'no token at all'],
  ['on $dest$', 'on host-1'],
  ['$dest$$count$', 'host-13'],
  ['by $actor.alternateId$ in $user.groups{}$ via $PSWA Host$', 'by a@b.c in admins via web01'],
  // Several values stand on lines of their own.
  ['by $user$', 'by ann\nbob'],
  // A dollar that opens no complete token stays, and does not swallow the token after it.
  ['$dest by abusing', '$dest by abusing'],
  ['on $dest by $count$', 'on $dest by 3'],
  ['user user$', 'user user$'],
  ['costs $5 on $dest$', 'costs $5 on host-1'],
  ['$$dest$$', '$host-1$'],
  ['$$', '$$'],
  // A token without a value stays as it is.
  ['$nobody$ on $dest$', '$nobody$ on host-1'],
  ['$nobody$$dest$', '$nobody$host-1'],
  ['[$empty$]', '[$empty$]'],
  ['$DEST$', '$DEST$'],
  // What a value holds is not filled again.
  ['$evil$', '$user$ and $dest$'],
])('%j becomes %j', (template, message) => {
  expect(fillMessage(template, row)).toBe(message)
})

test('a field named __proto__ is only a field', () => {
  expect(fillMessage('$__proto__$ $constructor$', new Map([['__proto__', 'x']]))).toBe('x $constructor$')
})
