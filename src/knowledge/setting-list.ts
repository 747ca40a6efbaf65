// Lists in settings of configuration files: `a, b`, `"a", "b c"`.

/** Reads a list of quoted or bare words, commas or blanks between them. */
export const settingList = (text: string): string[] =>
  [...text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"|([^\s,"]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
