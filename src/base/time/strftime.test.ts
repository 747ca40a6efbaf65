import { describe, expect, test } from 'vitest'
import { strftime } from './strftime.ts'

const time = 1_700_000_000 // Tuesday, 2023-11-14T22:13:20Z

describe('variables', () => {
  test.each([
    ['%Y-%m-%d %H:%M:%S', '2023-11-14 22:13:20'],
    ['%F %T', '2023-11-14 22:13:20'],
    ['%m/%d/%y', '11/14/23'],
    ['%D', '11/14/23'],
    ['%I:%M %p', '10:13 PM'],
    ['%l %P', '10 pm'],
    ['%r|%R', '10:13:20 PM|22:13'],
    ['%k', '22'],
    ['%a %A', 'Tue Tuesday'],
    ['%b %B %h', 'Nov November Nov'],
    ['%C', '20'],
    ['%j', '318'],
    ['%u %w', '2 2'],
    ['%U %W %V %G %g', '46 46 46 2023 23'],
    ['%s', '1700000000'],
    ['%z %:z %::z %:::z %Ez', '+0000 +00:00 +00:00:00 +00 +0'],
    ['%Z', 'UTC'],
    ['%c', 'Tue Nov 14 22:13:20 2023'],
    ['%+', 'Tue Nov 14 22:13:20 UTC 2023'],
    ['%x %X', '11/14/2023 22:13:20'],
    ['a%nb%tc%%d', 'a\nb\tc%d'],
    ['no variables', 'no variables'],
    ['', ''],
    ['%!%-d%', '%!%-d%'],
    ['%é%4', '%é%4'],
  ])('%j prints %j', (format, text) => {
    expect(strftime(time, format, 'UTC')).toBe(text)
  })

  test('single digits are padded with zeros or blanks', () => {
    const morning = Date.UTC(2024, 0, 5, 3, 4, 5) / 1000
    expect(strftime(morning, '%d|%e|%H|%k|%I|%l|%M|%S|%j', 'UTC')).toBe('05| 5|03| 3|03| 3|04|05|005')
  })

  test('midnight and noon are 12 o’clock', () => {
    expect(strftime(0, '%I %p', 'UTC')).toBe('12 AM')
    expect(strftime(43_200, '%I %p', 'UTC')).toBe('12 PM')
  })
})

describe('weeks', () => {
  test.each([
    ['2021-01-03', '01 00 53 2020 20 7 0'],
    ['2021-01-04', '01 01 01 2021 21 1 1'],
    ['2023-01-01', '01 00 52 2022 22 7 0'],
    ['2024-12-30', '52 53 01 2025 25 1 1'],
    ['2020-12-31', '52 52 53 2020 20 4 4'],
    ['2024-02-29', '08 09 09 2024 24 4 4'],
  ])('%s is %s', (date, text) => {
    expect(strftime(Date.parse(date) / 1000, '%U %W %V %G %g %u %w', 'UTC')).toBe(text)
  })
})

describe('subseconds', () => {
  test.each([
    [1.3, '%N %3N %6N %9N', '300000000 300 300000 300000000'],
    [1_700_000_000.3, '%Q %3Q %6Q %9Q %f', '300 300 300000 300000000 300000'],
    [1_521_467_703.049, '%Y-%m-%dT%H:%M:%S.%Q', '2018-03-19T13:55:03.049'],
    [1.999_999_9, '%S.%6N', '02.000000'],
    [1.9999, '%S.%3N %1N', '01.999 9'],
    [-0.25, '%F %T.%3N', '1969-12-31 23:59:59.750'],
    [1_700_000_000, '%Q', '000'],
  ])('%d by %j is %j', (epoch, format, text) => {
    expect(strftime(epoch, format, 'UTC')).toBe(text)
  })
})

describe('zones', () => {
  test.each([
    ['Europe/Berlin', 1_711_846_799, '2024-03-31 01:59:59 +0100 CET'],
    ['Europe/Berlin', 1_711_846_800, '2024-03-31 03:00:00 +0200 CEST'],
    ['America/New_York', 1_730_613_599, '2024-11-03 01:59:59 -0400 EDT'],
    ['America/New_York', 1_730_613_600, '2024-11-03 01:00:00 -0500 EST'],
    ['Asia/Kolkata', 1_709_145_000, '2024-02-29 00:00:00 +0530 IST'],
    ['-03:30', 0, '1969-12-31 20:30:00 -0330 -0330'],
  ])('%s %d is %s', (zone, epoch, text) => {
    expect(strftime(epoch, '%F %T %z %Z', zone)).toBe(text)
  })

  test('offsets in all their forms', () => {
    expect(strftime(0, '%z %:z %::z %:::z %Ez', '-05:30')).toBe('-0530 -05:30 -05:30:00 -05 -330')
  })
})

test('years far away print, what is no time does not', () => {
  expect(strftime(1_700_000_000_000, '%Y', 'UTC')).toBe('55840')
  expect(strftime(-62_167_219_201, '%F', 'UTC')).toBe('-0001-12-31')
  expect(strftime(Number.NaN, '%Y', 'UTC')).toBe('')
  expect(strftime(Number.POSITIVE_INFINITY, '%Y', 'UTC')).toBe('')
})
