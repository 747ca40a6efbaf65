// Field names as Splunk cleans them when an extraction takes them from the event.

const cleaned = new Map<string, string>()
/** Names repeat; hostile logs may bring endless new ones. */
const mostRemembered = 50_000

/**
 * Replaces everything but letters, digits and `_` by `_`, and drops leading underscores and digits, so that
 * `Process Name` becomes `Process_Name`.
 *
 * @see transforms.conf.spec: CLEAN_KEYS
 */
export function cleanKey(name: string): string {
  let clean = cleaned.get(name)
  if (clean === undefined) {
    clean = /^[A-Za-z]\w*$/.test(name)
      ? name
      : name
          .trim()
          .replace(/\W/g, '_')
          .replace(/^[_\d]+/, '')
    if (cleaned.size >= mostRemembered) cleaned.clear()
    cleaned.set(name, clean)
  }
  return clean
}
