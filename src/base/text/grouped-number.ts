// Numbers as people read them: `1,234,567`.

/**
 * A whole number with commas between its thousands. Natural form: `toLocaleString('en')`, whose first call loads V8's tables
 * of languages, a tenth of the time of a small scan.
 */
export const groupedNumber = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, ',')
