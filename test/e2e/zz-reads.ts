import { describeSearch } from '../../src/engine/docs.ts'
import { openKarst } from '../../src/engine/engine.ts'
import { splTokens } from '../../src/output/site/spl-markup.ts'

const k = await openKarst({ content: ['../shared/corpus/escu'] })
let reads = 0,
  none: string[] = [],
  mis = 0,
  tok = 0
for (const d of k.content.detections) {
  const s = describeSearch(d, k.knowledge.macros)
  if (s.reads) reads++
  else if (!s.problem) none.push(d.name)
  if (
    splTokens(d.search.text)
      .map((t) => t.text)
      .join('') !== d.search.text
  )
    tok++
  if (s.reads && d.tags.requiredFields.some((f) => !s.reads!.includes(f) && f !== '_time')) mis++
}
console.log({ reads, none: none.length, mis, tok }, none.slice(0, 30))
