// Colours a search: commands, functions, fields, texts, macros. It only looks at the shape of words, so that it can show any
// text, also one that is no valid search; what a search means is left to spl.

import { type Html, html, trusted } from '../html/html.ts'

type Kind =
  | 'command'
  | 'function'
  | 'keyword'
  | 'field'
  | 'string'
  | 'number'
  | 'macro'
  | 'comment'
  | 'pipe'
  | 'plain'

export interface Token {
  readonly kind: Kind
  readonly text: string
}

const keywords = new Set(
  'and or not in by as where from over output outputnew like is xor groupby append prestats'.split(' '),
)

const pattern =
  /(?<comment>```[\s\S]*?(?:```|$))|(?<macro>`[^`]*`?)|(?<string>"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|(?<pipe>\|)|(?<open>\[)|(?<word>[A-Za-z_@$*][\w.:@$*{}#-]*)|(?<number>\d+(?:\.\d+)?(?![\w.]))|(?<plain>\s+|[\s\S])/g

/**
 * Splits a search into tokens. Together they are the text.
 * @param isAfterPipe  its first word is a command, as in a macro that stands behind a pipe
 */
export function splTokens(text: string, isAfterPipe = false): Token[] {
  const tokens: Token[] = []
  let startsCommand = true
  for (const match of text.matchAll(pattern)) {
    const { comment, macro, string, pipe, open, word, number, plain = '' } = match.groups ?? {}
    const token = match[0]
    const rest = text.slice(match.index + token.length, match.index + token.length + 40)
    if (comment !== undefined) tokens.push({ kind: 'comment', text: token })
    else if (pipe !== undefined || open !== undefined) {
      tokens.push({ kind: pipe === undefined ? 'plain' : 'pipe', text: token })
      startsCommand = true
    } else if (
      plain.trim() === '' &&
      word === undefined &&
      macro === undefined &&
      string === undefined &&
      number === undefined
    ) {
      tokens.push({ kind: 'plain', text: token })
    } else {
      tokens.push({
        kind: kindOf(
          { macro, string, word, number },
          rest,
          startsCommand && (isAfterPipe || tokens.some(isPipe)),
        ),
        text: token,
      })
      startsCommand = false
    }
  }
  return tokens
}

const isPipe = ({ kind, text }: Token): boolean => kind === 'pipe' || text === '['

function kindOf(
  found: {
    macro: string | undefined
    string: string | undefined
    word: string | undefined
    number: string | undefined
  },
  rest: string,
  startsCommand: boolean,
): Kind {
  if (found.macro !== undefined) return 'macro'
  if (found.string !== undefined) return found.string.startsWith("'") ? 'field' : 'string'
  if (found.number !== undefined) return 'number'
  if (found.word === undefined) return 'plain'
  if (startsCommand) return 'command'
  if (/^\s*\(/.test(rest) && !keywords.has(found.word.toLowerCase())) return 'function'
  if (keywords.has(found.word.toLowerCase())) return 'keyword'
  return /^\s*(?:!=|<=|>=|=|<|>)/.test(rest) ? 'field' : 'plain'
}

/**
 * Draws a search in colours. A search written on one line is broken before each pipe that is not in brackets.
 * @param macroLink  where a macro is explained, by its name as the search writes it, without arguments
 * @param isAfterPipe  as of `splTokens`
 */
export function drawSpl(
  text: string,
  macroLink: (name: string) => string | undefined = () => undefined,
  isAfterPipe = false,
): Html {
  const isOneLine = !text.trim().includes('\n')
  let depth = 0
  let isFirst = true
  const parts = splTokens(text.trim(), isAfterPipe).map(({ kind, text: token }) => {
    if (token === '[') depth++
    if (token === ']') depth--
    const breaks = isOneLine && kind === 'pipe' && depth <= 0 && !isFirst
    isFirst = false
    const drawn = drawToken(kind, token, macroLink)
    return breaks ? html`${trusted('\n')}${drawn}` : drawn
  })
  return html`<pre class="spl" tabindex="0"><code>${parts}</code></pre>`
}

function drawToken(kind: Kind, text: string, macroLink: (name: string) => string | undefined): Html {
  if (kind === 'plain') return html`${text}`
  if (kind === 'macro') {
    const name = text.replace(/^`|`$/g, '').split('(')[0]!.trim()
    const href = macroLink(name)
    if (href !== undefined) return html`<a class="t-macro" href="${href}">${text}</a>`
  }
  return html`<span class="t-${kind}">${text}</span>`
}

/** The style of coloured searches. */
export const splStyle = `
pre.spl{tab-size:2}
.t-command{color:#7a2d8c;font-weight:600}.t-function{color:#0b6b76}.t-keyword{color:#8a3b12;font-weight:600}.t-field{color:#1c4fa0}.t-string{color:#2b6a1d}.t-number{color:#8a3b12}.t-macro{color:#a0215c}.t-comment{color:#5b6676;font-style:italic}.t-pipe{color:#56606d;font-weight:700}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]) .t-command{color:#d8a1e8}:root:not([data-theme=light]) .t-function{color:#6fd0db}:root:not([data-theme=light]) .t-keyword{color:#f0a878}:root:not([data-theme=light]) .t-field{color:#8fbcff}:root:not([data-theme=light]) .t-string{color:#9fd88d}:root:not([data-theme=light]) .t-number{color:#f0a878}:root:not([data-theme=light]) .t-macro{color:#ff9cc6}:root:not([data-theme=light]) .t-comment{color:#98a5b5}:root:not([data-theme=light]) .t-pipe{color:#a8b4c2}}
`
