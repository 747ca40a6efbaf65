// GitHub's workflow commands: lines on standard output that become annotations of a pull request.
// (GitHub Docs, Workflow commands for GitHub Actions)

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly title: string
  readonly message: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly endLine?: number
}

/** One annotation as a line with its line break. */
export function workflowCommand({ level, title, message, file, line, column, endLine }: Annotation): string {
  const properties = [
    ['file', file],
    ['line', line],
    ['endLine', endLine],
    ['col', column],
    ['title', title],
  ] as const
  const stated = properties.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${property(String(value))}`],
  )
  return `::${level} ${stated.join(',')}::${data(message)}\n`
}

const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
