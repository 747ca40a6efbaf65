// How fast are regular expressions, by each of the ways they can be run, and what decided how they are written?
// Runs each over 5,000 command lines in event XML of about 200 characters and prints nanoseconds of processor time a text,
// the best of five passes.
//
//   npx esbuild bench/regex.ts --bundle --platform=node --format=esm | node --input-type=module
//   (not with tsx: it wraps the inner functions of the backtracker, which makes that five times slower)
//
// Last numbers (2026-11-22, two busy cores of a shared Xeon, Node 20.20.2):
//   Cases written out 48 ns, flag i 59 (mimikatz). A dot under the flag u costs nothing on one-byte texts and three times
//   as much on two-byte ones, so u is used for texts with surrogates alone.
//   V8 / backtracker: (?i)powershell\.exe.*-encodedcommand 216 / 2,158, Name='ParentImage'>(?<parent>[^<]+) 66 / 1,117,
//   [A-Za-z0-9+/]{100,} 3,053 / 24,524, (\w+\s?)+x 1,550,000 / 107,000.
//   \s+$ on 20,000 blanks: V8 234 ms, also with its linear engine to fall back on; backtracker 63 ms.

import { setFlagsFromString } from 'node:v8'
import { compileProgram, runProgram } from '../src/spl/regex/backtracker.ts'
import { enableLinearFallback, GuardedPattern } from '../src/spl/regex/guard.ts'
import { parsePcre } from '../src/spl/regex/pcre-parser.ts'

const texts = Array.from({ length: 5000 }, (_, i) => {
  const option = i % 7 === 0 ? '-EncodedCommand' : '-Enc'
  const payload = (i * 7919).toString(36).repeat(8)
  return `<Event><Data Name='CommandLine'>C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe -nop ${option} ${payload}</Data><Data Name='ParentImage'>C:\\Windows\\explorer.exe ${i}</Data></Event>`
})
const wideTexts = texts.map((text) => `${text}Ж`)

const patterns = [
  '(?i)mimikatz',
  '(?i)powershell\\.exe.*-encodedcommand',
  "Name='ParentImage'>(?<parent>[^<]+)",
  'CommandLine.*ParentImage.*foo',
  '(?i)(mimikatz|rubeus|psexec|certutil)',
  '(?i)(\\$|%24)[^ /]*({|%7b)[^ /]*(j|%6a)',
  '[A-Za-z0-9+/]{100,}',
  '(\\w+\\s?)+x',
  '(?i)[-]e(nc*o*d*e*d*c*o*m*m*a*n*d*)*\\s+[^-]',
]

/** Nanoseconds of processor time a text. */
function measure(run: (text: string) => unknown, over = texts): string {
  let best = Number.POSITIVE_INFINITY
  for (let pass = 0; pass < 5; pass++) {
    const begin = process.cpuUsage()
    for (const text of over) run(text)
    best = Math.min(best, process.cpuUsage(begin).user)
  }
  return ((best * 1000) / over.length).toFixed(0).padStart(9)
}

function compareWays(title: string): void {
  console.log(`\n${title}\n       V8   guarded backtracker  route`)
  for (const pattern of patterns) {
    const parsed = parsePcre(pattern)
    const guarded = new GuardedPattern(parsed)
    const native = new RegExp(guarded.javaScript('')!)
    const program = compileProgram(parsed, false)
    // Two milliseconds a text and more for V8 alone: the reason for all this.
    const v8 = pattern.includes('+x') ? '        -' : measure((text) => native.test(text))
    const own = measure((text) => guarded.test(text))
    const backtracker = measure((text) => runProgram(program, text, 0, 1e6))
    console.log(v8, own, ` ${backtracker}`, ` ${guarded.route(texts[0]!)}`.padEnd(13), pattern)
  }
}

const expanded = (word: string): string =>
  word.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`)

console.log('How to ignore case: written out, flag i')
for (const word of ['mimikatz', 'encodedcommand']) {
  const [source, flag] = [new RegExp(expanded(word)), new RegExp(word, 'i')]
  const written = measure((text) => source.test(text))
  console.log(
    written,
    measure((text) => flag.test(text)),
    word,
  )
}
console.log('\nWhat the flag u costs: one-byte texts without and with it, two-byte texts without and with it')
const [plain, unicode] = ['', 'u'].map((flag) => new RegExp('CommandLine[^\\n]*ParentImage[^\\n]*foo', flag))
const [narrow, wide] = [texts, wideTexts].map((over) =>
  [plain, unicode].map((regex) => measure((text) => regex!.test(text), over)),
)
console.log(...narrow!, ...wide!)

compareWays("Without V8's linear engine")
if (enableLinearFallback(setFlagsFromString)) compareWays("With V8's linear engine to fall back on")

console.log(
  "\nWhat V8 does not count as backtracking: milliseconds for n blanks and '!' under \\s+$, with its linear engine on",
)
for (const length of [5000, 20_000]) {
  const text = `${' '.repeat(length)}!`
  const begin = performance.now()
  new RegExp(`[\\t-\\r ]+$|x${length}`).test(text)
  const native = performance.now() - begin
  const guarded = new GuardedPattern(parsePcre(`\\s+$|x${length}`))
  guarded.test(text)
  const again = performance.now()
  guarded.test(text)
  console.log(
    String(length).padStart(9),
    native.toFixed(1).padStart(9),
    'guarded',
    (performance.now() - again).toFixed(1),
  )
}
