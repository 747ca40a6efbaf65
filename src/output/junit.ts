// JUnit XML, which every CI system shows as test results.

/** One test and how it ended. */
export interface JunitCase {
  readonly name: string
  /** What the case belongs to: a file, a detection. */
  readonly classname: string
  readonly seconds?: number
  readonly result:
    | { readonly kind: 'passed' }
    | { readonly kind: 'failed'; readonly message: string; readonly details: string }
    | { readonly kind: 'skipped'; readonly message: string }
  /** What else is worth telling. */
  readonly output?: string
}

export interface JunitSuite {
  readonly name: string
  readonly cases: readonly JunitCase[]
}

/** Writes suites as one XML document. */
export function junitXml(name: string, suites: readonly JunitSuite[]): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name=${attribute(name)} ${counts(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
  ]
  return `${lines.join('\n')}\n`
}

function suiteLines({ name, cases }: JunitSuite): string[] {
  return [
    `  <testsuite name=${attribute(name)} ${counts(cases)}>`,
    ...cases.flatMap(caseLines),
    '  </testsuite>',
  ]
}

function counts(cases: readonly JunitCase[]): string {
  const of = (kind: JunitCase['result']['kind']): number =>
    cases.filter(({ result }) => result.kind === kind).length
  const seconds = cases.reduce((sum, { seconds: own = 0 }) => sum + own, 0)
  return `tests="${cases.length}" failures="${of('failed')}" errors="0" skipped="${of('skipped')}" time="${seconds.toFixed(3)}"`
}

function caseLines({ name, classname, seconds = 0, result, output }: JunitCase): string[] {
  const open = `    <testcase name=${attribute(name)} classname=${attribute(classname)} time="${seconds.toFixed(3)}"`
  const inner: string[] = []
  if (result.kind === 'failed')
    inner.push(`      <failure message=${attribute(result.message)}>${text(result.details)}</failure>`)
  if (result.kind === 'skipped') inner.push(`      <skipped message=${attribute(result.message)}/>`)
  if (output !== undefined && output !== '') inner.push(`      <system-out>${text(output)}</system-out>`)
  return inner.length === 0 ? [`${open}/>`] : [`${open}>`, ...inner, '    </testcase>']
}

/** Characters that XML 1.0 cannot hold become the replacement character. */
const allowed = (value: string): string =>
  value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udfff]/gu, '\ufffd')

const text = (value: string): string =>
  allowed(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const attribute = (value: string): string =>
  `"${text(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;').replaceAll('\r', '&#13;')}"`
