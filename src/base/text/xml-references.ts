// References in XML text: the five predefined entities and characters by number. No DTD, so no other entity exists,
// and an entity bomb cannot be.

const reference = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,10})|#x([0-9a-fA-F]{1,8}));/g
const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Replaces references with the characters that they stand for, once. Unknown ones stay as they are. */
export function decodeXmlReferences(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(reference, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return predefined[name]!
    const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** Escapes text as Windows writes it between tags: quotes stay as they are. */
export function escapeXmlText(text: string): string {
  return /[&<>]/.test(text)
    ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    : text
}
