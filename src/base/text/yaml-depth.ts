// How deep a YAML text nests, told without parsing it: parsers of YAML recurse, and texts are hostile.

/**
 * Whether a text could exhaust the stack of the parser, judged without parsing: by brackets left open, indentation and
 * runs of list marks. The limits are far beyond any content.
 * To be asked before parsing: V8 ends the process when the stack ends while it compiles a regular expression of the parser.
 */
export function isDeepYaml(text: string): boolean {
  if (/(?:[-?][ \t]+){100}/.test(text) || /\n {500}/.test(text)) return true
  let open = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0x5b || unit === 0x7b) {
      if (++open > 300) return true
    } else if ((unit === 0x5d || unit === 0x7d) && open > 0) open--
  }
  return false
}
