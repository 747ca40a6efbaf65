// HTML as text: a template tag that escapes every value, and the parts that pages share.
// What logs and content hold is hostile: it only ever becomes text or an attribute's value.

import { createHash } from 'node:crypto'

/** Text that is HTML already. */
export interface Html {
  readonly html: string
}

/** What a template takes: text is escaped, lists are joined, nothing is shown for undefined and false. */
export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[]

/** Makes HTML of a template. Values are escaped, both for text and for attributes in quotation marks. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = parts[0]!
  values.forEach((value, index) => {
    text += render(value) + parts[index + 1]!
  })
  return { html: text }
}

/** Takes text as HTML. Only for what Karst itself has written: style sheets, scripts. */
export const trusted = (text: string): Html => ({ html: text })

function render(value: HtmlValue): string {
  if (value === undefined || value === false) return ''
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return escapeHtml(value)
  if ('html' in value) return value.html
  return value.map(render).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Escapes a text for the inside of an element or of a quoted attribute. Controls and characters that are not seen or
 * reorder what is (zero-width, bidirectional overrides) become visible; line breaks and tabs stay.
 */
export const escapeHtml = (text: string): string =>
  text
    .replace(/[&<>"']/g, (character) => entities[character]!)
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (control) =>
      String.fromCharCode(0x2400 + control.charCodeAt(0)),
    )
    .replace(
      /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
      (hidden) => `⟨U+${hidden.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
    )

/** A link to the web; a reference that is no http address stays text. */
export const webLink = (address: string, text: string = address): Html =>
  /^https?:\/\/[^\s]+$/i.test(address)
    ? html`<a href="${address}" rel="noopener noreferrer">${text}</a>`
    : html`${text}`

/** A part of a page's name for a link: letters, digits and dashes. */
export const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'unnamed'

/** The parts of a document. */
export interface Page {
  readonly title: string
  readonly body: Html
  /** Style sheet and script that stand in the page. */
  readonly style?: string
  readonly script?: string
  /** Further head elements, such as a link to a style sheet of the same folder. */
  readonly head?: Html
  /** Whether the page loads style sheets and scripts of its own folder. */
  readonly usesOwnFiles?: boolean
}

/** A whole document, which may run its own script and style and load nothing from a network. */
export function renderPage({ title, body, style, script, head, usesOwnFiles }: Page): string {
  const own = usesOwnFiles === true ? " 'self' file:" : ''
  const policy = [
    "default-src 'none'",
    `style-src ${style === undefined ? '' : digest(style)}${own}`.trim(),
    `script-src ${script === undefined ? "'none'" : digest(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Karst">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${head}${style !== undefined && html`<style>${trusted(style)}</style>`}
</head>
<body>
${body}
${script === undefined ? undefined : html`<script>${trusted(script)}</script>`}
</body>
</html>
`.html
}

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
