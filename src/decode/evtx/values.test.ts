import { expect, test } from 'vitest'
import { type BuiltValue, ChunkBuilder, TEST_GUID, value } from '../../../test/fixtures/evtx/build.ts'
import { ChunkBytes } from './chunk-bytes.ts'
import { arrayTexts, fileTimeEpoch, isoTimeEpoch, valueText } from './values.ts'

function written(built: BuiltValue): { chunk: ChunkBytes; offset: number; size: number } {
  const builder = new ChunkBuilder()
  const offset = builder.at
  built.write(builder, false)
  return { chunk: new ChunkBytes(builder.buffer), offset, size: builder.at - offset }
}

function textOf(built: BuiltValue): string {
  const { chunk, offset, size } = written(built)
  return valueText(chunk, built.type, offset, size)
}

function itemsOf(built: BuiltValue): string[] {
  const { chunk, offset, size } = written(built)
  return arrayTexts(chunk, built.type & 0x7f, offset, size)
}

test.each([
  ['text', value.text('C:\\Windows'), 'C:\\Windows'],
  ['short text', value.text('-'), '-'],
  ['text in other scripts', value.text('журнал 日志'), 'журнал 日志'],
  ['an unpaired surrogate, kept', value.text('a\ud800b'), 'a\ud800b'],
  ['text without the NULs behind it', value.text('a\0b\0\0'), 'a\0b'],
  ['text of an odd number of bytes', value.raw(0x01, [0x61, 0, 0x62]), 'a'],
  ['ANSI text', value.ansi([0x80, 0xe9, 0x00]), '€é'],
  ['Int8', value.int8(-1), '-1'],
  ['UInt8', value.uint8(255), '255'],
  ['Int16', value.int16(-2), '-2'],
  ['UInt16', value.uint16(65_535), '65535'],
  ['Int32', value.int32(-3), '-3'],
  ['UInt32', value.uint32(4_294_967_295), '4294967295'],
  ['Int64', value.int64(-9_223_372_036_854_775_808n), '-9223372036854775808'],
  ['UInt64', value.uint64(18_446_744_073_709_551_615n), '18446744073709551615'],
  ['a UInt64 that a double holds', value.uint64(9_007_199_254_740_991n), '9007199254740991'],
  ['float, as %f', value.double(3199.234), '3199.234000'],
  ['single float', value.float(0.5), '0.500000'],
  ['a float beyond toFixed', value.double(1e22), '10000000000000000000000.000000'],
  ['boolean', value.boolean(true), 'true'],
  ['binary in upper case', value.binary([0x0a, 0xff]), '0AFF'],
  ['GUID in braces and upper case', value.guid(TEST_GUID), '{54849625-5478-4994-A5BA-3E3B0328C30D}'],
  ['HexInt32 without padding', value.hex32(0x1eba8), '0x1eba8'],
  ['HexInt64', value.hex64(0x8020000000000000n), '0x8020000000000000'],
  ['HexInt64 with zeros inside', value.hex64(0x100000002n), '0x100000002'],
  ['a pointer', value.pointer(0x7ff6n), '0x7ff6'],
  ['a pointer of 32 bits', value.raw(0x10, [0x10, 0, 0, 0]), '0x10'],
  ['FILETIME with all digits', value.fileTime(132_466_286_266_179_203n), '2020-10-08T11:03:46.617920300Z'],
  ['FILETIME 0', value.fileTime(0n), '1601-01-01T00:00:00.000000000Z'],
  ['SYSTEMTIME', value.systemTime(2019, 7, 4, 18, 20, 40, 5, 58), '2019-07-18T20:40:05.058Z'],
  ['SID', value.sid(5, 21, 308_926_384, 500), 'S-1-5-21-308926384-500'],
  ['SID of a large authority', value.sid(0x1_0000_0002, 1), 'S-1-0x100000002-1'],
  ['null', value.none, ''],
  ['an unknown type, as bytes', value.raw(0x23, [1, 2]), '0102'],
  ['a number of the wrong size, as bytes', value.raw(0x08, [1, 2, 3]), '010203'],
  ['a GUID of the wrong size, as bytes', value.raw(0x0f, [1, 2, 3]), '010203'],
  ['a SID that is cut off, as bytes', value.raw(0x13, [1, 5, 0, 0, 0, 0, 0, 5, 1]), '010500000000000501'],
])('writes %s', (_name, built, text) => {
  expect(textOf(built)).toBe(text)
})

test('the items of a text array keep their order and their empty ones', () => {
  expect(itemsOf(value.texts('NTDS', '', '0', ''))).toEqual(['NTDS', '', '0', ''])
})

test('the last item of a text array may lack its NUL', () => {
  expect(itemsOf(value.raw(0x81, [0x61, 0, 0, 0, 0x62, 0]))).toEqual(['a', 'b'])
})

test('arrays of numbers, GUIDs and SIDs are cut by the size of their items', () => {
  expect(itemsOf(value.uint16s(1, 2, 65_535))).toEqual(['1', '2', '65535'])
  expect(itemsOf(value.raw(0x8f, [...TEST_GUID, ...TEST_GUID]))).toEqual([
    '{54849625-5478-4994-A5BA-3E3B0328C30D}',
    '{54849625-5478-4994-A5BA-3E3B0328C30D}',
  ])
  const system = [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]
  expect(itemsOf(value.raw(0x93, [...system, ...system]))).toEqual(['S-1-5-18', 'S-1-5-18'])
})

test('an array whose last item is cut off shows its bytes', () => {
  expect(itemsOf(value.raw(0x88, [1, 0, 0, 0, 7]))).toEqual(['1', '7'])
  expect(itemsOf(value.raw(0x93, [1]))).toEqual(['01'])
})

test('FILETIME becomes epoch seconds cut to microseconds', () => {
  const { chunk, offset } = written(value.fileTime(132_466_286_266_179_209n))
  expect(fileTimeEpoch(chunk, offset)).toBe(1_602_155_026.61792)
})

test('a written time is read with the digits it has', () => {
  expect(isoTimeEpoch('2020-10-08T11:03:46.617920300Z')).toBe(1_602_155_026.61792)
  expect(isoTimeEpoch('2020-10-08T11:03:46Z')).toBe(1_602_155_026)
  expect(isoTimeEpoch('8 October 2020')).toBeUndefined()
})
