// How reports write times, numbers and sizes.

/** `2019-07-19 14:44:08` of an ISO 8601 time in UTC, fractions of a second only where there are any. */
export const shownTime = (time: string): string => time.replace('T', ' ').replace(/(?:\.0+)?Z$/, '')

/** The day of an ISO 8601 time. */
export const shownDay = (time: string): string => time.slice(0, 10)

export const shownNumber = (value: number): string => value.toLocaleString('en')

/** `1 file`, `3,000 files`. */
export const plural = (count: number, what: string, many: string = `${what}s`): string =>
  `${shownNumber(count)} ${count === 1 ? what : many}`

/** `13 B`, `4.2 kB`, `38.2 MB`. */
export function shownBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

/** `12 s`, `4 min`, `3 h`, `12 days` */
export function shownDuration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h`
  return plural(Math.round(seconds / 86_400), 'day')
}

/** A text that is not longer than so many characters, and how many were left out. */
export function cutText(text: string, longest: number): { readonly shown: string; readonly rest: number } {
  return text.length <= longest
    ? { shown: text, rest: 0 }
    : { shown: text.slice(0, longest), rest: text.length - longest }
}
