import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareIpAddresses, isIpAddress, parseCidr, parseIpv4 } from './cidr.ts'

describe('parseCidr', () => {
  test.each([
    ['10.0.0.0/8', '10.255.1.2', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['172.16.0.0/12', '172.31.255.255', true],
    ['172.16.0.0/12', '172.32.0.1', false],
    ['192.168.1.77/24', '192.168.1.1', true],
    ['10.0.0.1/32', '10.0.0.1', true],
    ['10.0.0.1/32', '10.0.0.2', false],
    ['10.0.0.1', '10.0.0.1', true],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['128.0.0.0/1', '200.1.1.1', true],
    ['128.0.0.0/1', '127.1.1.1', false],
    ['2001:0db8:ffff:ffff:ffff:ffff:ffff:ff00/120', '2001:0db8:ffff:ffff:ffff:ffff:ffff:ff99', true],
    ['2001:0db8:ffff:ffff:ffff:ffff:ffff:ff00/120', '2001:db8:ffff:ffff:ffff:ffff:ffff:fe99', false],
    ['2001:db8::/32', '2001:DB8:1::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['::/0', 'fe80::1', true],
    ['fe80::/10', 'febf::1', true],
    ['fe80::/10', 'fec0::1', false],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:0:0/96', '8.8.8.8', true],
    ['::/0', '8.8.8.8', true],
    ['10.0.0.0/8', '::10.1.2.3', false],
    ['10.0.0.0/8', 'host', false],
    ['10.0.0.0/8', '', false],
    ['10.0.0.0/8', ' 10.0.0.1', false],
    ['10.0.0.0/8', '10.0.0.1:443', false],
    ['10.0.0.0/8', '10.0.0.0/8', false],
  ])('%s holds %s: %s', (network, address, holds) => {
    expect(parseCidr(network)?.matches(address)).toBe(holds)
  })

  test.each([
    '',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '10.0.0/8',
  ])('%j is no network', (text) => expect(parseCidr(text)).toBeUndefined())
  test.each(['::/129', 'fe80::1%eth0/64', ':::/8', '1::2::3', '10.0.0.0/ 8', '*.0.0.0/8', 'localhost'])(
    '%j is no network',
    (text) => expect(parseCidr(text)).toBeUndefined(),
  )

  test('agrees with comparing the first bits as text', () => {
    const address = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    const dotted = (n: number): string => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.')
    const bits = (n: number): string => n.toString(2).padStart(32, '0')
    fc.assert(
      fc.property(address, fc.nat(32), fc.nat(32), (network, prefix, flipped) => {
        const candidate = (flipped === 32 ? network : network ^ (1 << flipped)) >>> 0
        const expected = bits(network).slice(0, prefix) === bits(candidate).slice(0, prefix)
        expect(parseCidr(`${dotted(network)}/${prefix}`)?.matches(dotted(candidate))).toBe(expected)
      }),
    )
  })
})

test.each([
  ['0.0.0.0', 0],
  ['255.255.255.255', 4294967295],
  ['1.2.3.4', 16909060],
  ['1.2.3', undefined],
  ['1.2.3.4.5', undefined],
  ['1.2.3.256', undefined],
  ['01.2.3.4', undefined],
  ['1..3.4', undefined],
  ['1.2.3.', undefined],
  ['.1.2.3', undefined],
  ['1.2.3.4 ', undefined],
])('parseIpv4(%j) is %s', (text, number) => {
  expect(parseIpv4(text)).toBe(number)
})

test.each([
  ['::', true],
  ['1:2:3:4:5:6:7:8', true],
  ['1:2:3:4:5:6:7::', true],
  ['::1.2.3.4', true],
  ['64:ff9b::8.8.8.8', true],
  ['1:2:3:4:5:6:1.2.3.4', true],
  ['1.2.3.4', true],
  ['1:2:3:4:5:6:7', false],
  ['1:2:3:4:5:6:7:8:9', false],
  ['1:2:3:4:5:6:7:8::', false],
  ['1.2.3.4::', false],
  [':1', false],
  ['1:', false],
  ['12345::', false],
  ['g::', false],
  ['', false],
])('isIpAddress(%j) is %s', (text, is) => {
  expect(isIpAddress(text)).toBe(is)
})

test('addresses order by number, v4 before v6', () => {
  const sorted = ['::1', '10.0.0.10', 'fe80::1', '9.1.1.1', '10.0.0.9'].sort(
    (a, b) => compareIpAddresses(a, b)!,
  )
  expect(sorted).toEqual(['9.1.1.1', '10.0.0.9', '10.0.0.10', '::1', 'fe80::1'])
  expect(compareIpAddresses('::1', '0:0::1')).toBe(0)
  expect(compareIpAddresses('10.0.0.1', 'host')).toBeUndefined()
  expect(compareIpAddresses('host', '::1')).toBeUndefined()
})
