import { expect, test } from 'vitest'
import type { WindowsRecord } from '../../decode/reader.ts'
import { WindowsData } from './windows-data.ts'

/** A record whose data can be read one by one, and which tells what was read. */
function recordOf(names: readonly (string | undefined)[], values: readonly string[], read: string[] = []) {
  const record: Partial<WindowsRecord> = {
    dataNames: () => names,
    dataValue(item) {
      read.push(names[item] ?? '')
      return values[item]!
    },
  }
  return record as WindowsRecord
}

test('gives a field by row and reads no other', () => {
  const data = new WindowsData(3)
  const read: string[] = []
  const names = ['Process Name', 'User', undefined]
  expect(data.add(0, recordOf(names, ['a.exe', 'anna', 'x'], read))).toBe(true)
  expect(data.add(2, recordOf(names, ['b.exe', '', 'x'], read))).toBe(true)
  expect(data.valuesOf('Process_Name')).toEqual(['a.exe', undefined, 'b.exe'])
  expect(read).toEqual(['Process Name', 'Process Name'])
  expect(data.valuesOf('Process Name')).toBeUndefined()
})

test('an empty text is no value, and a field without values is none', () => {
  const data = new WindowsData(3)
  data.add(0, recordOf(['User', 'Empty'], ['anna', '']))
  expect(data.valuesOf('Empty')).toBeUndefined()
  expect(data.names()).toEqual(['User'])
})

test('a name that comes again makes a multivalue', () => {
  const data = new WindowsData(3)
  data.add(0, recordOf(['a', 'b', 'a', 'a'], ['1', '2', '', '3']))
  data.add(1, recordOf(['a', 'b', 'a', 'a'], ['', '2', '', '3']))
  expect(data.valuesOf('a')).toEqual([['1', '3'], '3', undefined])
})

test('texts are converted', () => {
  const data = new WindowsData(3, (text) => text.toUpperCase())
  data.add(1, recordOf(['a'], ['x']))
  expect(data.valuesOf('a')).toEqual([undefined, 'X', undefined])
})

test('an event that has to be read as a whole is not taken', () => {
  const data = new WindowsData(3)
  expect(data.add(0, {} as WindowsRecord)).toBe(false)
  const whole: Partial<WindowsRecord> = { dataNames: () => undefined }
  expect(data.add(1, whole as WindowsRecord)).toBe(false)
  expect(data.names()).toEqual([])
})
