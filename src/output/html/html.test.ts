import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { html, renderPage, slug, trusted, webLink } from './html.ts'

test('values are escaped, HTML and lists of it are not escaped again', () => {
  const items = ['<b>', 'a & b'].map((item) => html`<li title="${item}">${item}</li>`)
  expect(html`<ul>${items}</ul>${undefined}${false}${3}`.html).toBe(
    '<ul><li title="&lt;b&gt;">&lt;b&gt;</li><li title="a &amp; b">a &amp; b</li></ul>3',
  )
  expect(html`<i title='${`x' onload="y`}'>`.html).toBe("<i title='x&#39; onload=&quot;y'>")
})

test('what cannot be seen is shown', () => {
  expect(html`${'a\u0000b\u001b[31m\u202Etxt.exe\u200b\ttab\nline'}`.html).toBe(
    'a␀b␛[31m⟨U+202E⟩txt.exe⟨U+200B⟩\ttab\nline',
  )
})

test('only http addresses become links', () => {
  expect(webLink('https://a.example/?q="><script>').html).toBe(
    '<a href="https://a.example/?q=&quot;&gt;&lt;script&gt;" rel="noopener noreferrer">https://a.example/?q=&quot;&gt;&lt;script&gt;</a>',
  )
  for (const address of ['javascript:alert(1)', 'data:text/html,x', 'https://a b', ' https://a'])
    expect(webLink(address).html).not.toContain('href')
})

test('a page allows its own style and script by their digests and nothing else', () => {
  const page = renderPage({
    title: 'a <b>',
    body: html`<p>x</p>`,
    style: 'p{color:red}',
    script: 'let a = 1',
  })
  const digest = createHash('sha256').update('let a = 1').digest('base64')
  expect(page).toContain(`script-src 'sha256-${digest}'`)
  expect(page).toContain("default-src 'none'")
  expect(page).toContain('<title>a &lt;b&gt;</title>')
  expect(page).toContain('<script>let a = 1</script>')
  expect(trusted('<x>').html).toBe('<x>')
})

test.each([
  ['Détection: A/B (v2)', 'detection-a-b-v2'],
  ['../../etc', 'etc'],
  ['…', 'unnamed'],
])('the slug of %j is %j', (text, expected) => {
  expect(slug(text)).toBe(expected)
})
