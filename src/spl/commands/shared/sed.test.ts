import { expect, test } from 'vitest'
import { compileSed } from './sed.ts'

const sed = (expression: string, text: string) =>
  compileSed(expression, () => {
    throw new Error('the limit on steps was reached')
  })(text)

test.each([
  ['s/a/b/', 'aaa', 'baa'],
  ['s/a/b/g', 'aaa', 'bbb'],
  ['s/a/b/2', 'aaa', 'aba'],
  ['s/a/b/4', 'aaa', 'aaa'],
  ['s/(\\w+) (\\w+)/\\2 \\1/', 'hello world', 'world hello'],
  ['s/\\d{4}-/[\\0]/g', '1234-5678-', '[1234-][5678-]'],
  ['s/\\x00//g', 'a\u0000b\u0000', 'ab'],
  ['s/,/\\n/g', 'a,b', 'a\nb'],
  ['s/a\\/b/c\\/d/', 'a/b', 'c/d'],
  ['s|/|\\||g', '/a/b', '|a|b'],
  ['s#a#&#', 'a', '&'],
  ['s/(?i)A//', 'ba', 'b'],
  ['s/a/b/g s/b/c/', 'aab', 'cbb'],
  ['  s/a b/x/  y/x/z/  ', 'a b', 'z'],
  ['y/abc/xyz/', 'aabbcc-d', 'xxyyzz-d'],
  ['y/a\\/\\n/-_ /', 'a/\n', '-_ '],
  ['y/aa/xy/', 'a', 'x'],
  ['y/é😀/e:/', 'é😀', 'e:'],
])('%s turns %j into %j', (expression, text, result) => expect(sed(expression, text)).toBe(result))

test.each([
  ['', 'The sed expression is empty.'],
  ['d/x/', 'is neither s/…/…/ nor y/…/…/.'],
  ['sabca', 'is neither s/…/…/ nor y/…/…/.'],
  ['s/a/b', 'The sed expression "s/a/b" needs three "/", found 2.'],
  ['s/a\\/b/c', 'needs three "/", found 2.'],
  ['s/a/b/gi', 'The sed flags "gi" are not supported.'],
  ['s/a/b/0', 'The sed flags "0" are not supported.'],
  ['s/(a/b/', 'missing closing parenthesis'],
  ['s/a/\\1/', 'The replacement refers to group \\1'],
  ['y/abc/xy/', 'as many characters on both sides, found 3 and 2.'],
  ['y/a/b/g', 'The sed command y has no flags, found "g".'],
])('%s is refused', (expression, message) => expect(() => compileSed(expression, () => {})).toThrow(message))
