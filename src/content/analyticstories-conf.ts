// Reads analyticstories.conf of a built app: its stories, and what it says about searches that savedsearches.conf does not.

import { suggest } from '../base/suggest.ts'
import { confItems } from '../base/text/conf.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Label, Source } from '../diagnostics/source.ts'
import type { Story } from './stories.ts'

/** A file of the app, as text. */
interface ConfText {
  readonly name: string
  readonly text: string
}

/** What the file says about a saved search. */
export interface SearchNotes {
  readonly howToImplement: string
  readonly knownFalsePositives: string
  readonly assetType: string
}

export interface AnalyticStories {
  readonly stories: readonly Story[]
  /** By the stanza of the saved search. */
  readonly notes: ReadonlyMap<string, SearchNotes>
  readonly diagnostics: readonly Diagnostic[]
}

/** The keys of the two kinds of stanzas. (contentctl, analyticstories.conf templates) */
const storyKeys = new Set([
  'category', 'last_updated', 'version', 'references', 'maintainers', 'spec_version', 'searches', 'description',
  'narrative', 'usecase', 'modification_date', 'id', 'disabled',
]) // biome-ignore format: a list
const searchKeys = new Set([
  'type', 'asset_type', 'confidence', 'explanation', 'how_to_implement', 'annotations', 'known_false_positives',
  'providing_technologies', 'earliest_time_offset', 'latest_time_offset', 'disabled',
]) // biome-ignore format: a list

interface Stanza {
  readonly name: string
  readonly heading: Label
  readonly settings: Map<string, { readonly value: string; readonly label: Label }>
}

/** Reads the files of one app as one, those of rising precedence. */
export function readAnalyticStories(files: readonly ConfText[]): AnalyticStories {
  const diagnostics: Diagnostic[] = []
  const stories: Story[] = []
  const notes = new Map<string, SearchNotes>()
  const unknown = new Set<string>()
  for (const stanza of readStanzas(files, diagnostics).values()) {
    const [, kind = '', name = ''] = /^(analytic_story|savedsearch):\/\/(.+)$/.exec(stanza.name) ?? []
    const known = kind === 'analytic_story' ? storyKeys : kind === 'savedsearch' ? searchKeys : undefined
    if (known === undefined) continue
    for (const [key, { label }] of stanza.settings) {
      if (known.has(key) || unknown.has(`${kind} ${key}`)) continue
      unknown.add(`${kind} ${key}`)
      const [meant] = suggest(key, known)
      diagnostics.push({
        code: 'bad-content',
        severity: 'warning',
        message: `Unknown key "${key}" in ${label.source.name}; it has no effect.`,
        labels: [label],
        ...(meant === undefined ? {} : { help: `Did you mean "${meant}"?` }),
      })
    }
    const text = (key: string): string => {
      const { value = '' } = stanza.settings.get(key) ?? {}
      return /^(?:none|null)\.?$/i.test(value) ? '' : value
    }
    if (kind === 'analytic_story') stories.push(story(name, text, stanza, diagnostics))
    else {
      notes.set(name, {
        howToImplement: text('how_to_implement'),
        knownFalsePositives: text('known_false_positives'),
        assetType: text('asset_type'),
      })
    }
  }
  return { stories, notes, diagnostics }
}

function story(
  name: string,
  text: (key: string) => string,
  { heading, settings }: Stanza,
  diagnostics: Diagnostic[],
): Story {
  const list = (key: string): readonly unknown[] => {
    const written = text(key)
    if (written === '') return []
    try {
      const value: unknown = JSON.parse(written)
      return Array.isArray(value) ? value : [value]
    } catch (error) {
      diagnostics.push({
        code: 'bad-content',
        severity: 'warning',
        message: `[analytic_story://${name}]: "${key}" is not valid JSON: ${(error as Error).message}. It has no effect.`,
        labels: [settings.get(key)?.label ?? heading],
      })
      return []
    }
  }
  const texts = (key: string): string[] =>
    list(key).filter((item): item is string => typeof item === 'string' && item !== '')
  const authors = list('maintainers').flatMap((maintainer) => {
    const { name: author, company } = Object(maintainer) as { name?: unknown; company?: unknown }
    return [author, company].filter((part) => typeof part === 'string' && part !== '').join(', ') || []
  })
  const version = Number(text('version'))
  return {
    id: text('id') || name,
    name,
    version: Number.isInteger(version) && version > 0 ? version : 1,
    date: text('last_updated') || text('modification_date'),
    author: authors.join('; '),
    status: 'production',
    description: text('description'),
    narrative: text('narrative'),
    references: texts('references'),
    // A single category may stand there without a list around it.
    categories: text('category').startsWith('[')
      ? texts('category')
      : text('category')
          .split(/\s*,\s*/)
          .filter(Boolean),
    useCase: text('usecase'),
    products: [],
    cve: [],
    path: heading.source.name,
  }
}

function readStanzas(files: readonly ConfText[], diagnostics: Diagnostic[]): ReadonlyMap<string, Stanza> {
  const stanzas = new Map<string, Stanza>()
  for (const file of files) {
    const source: Source = { name: file.name, text: file.text }
    const label = (start: number, length: number): Label => ({
      source,
      span: { start, end: start + length },
      primary: true,
    })
    let current: Stanza | undefined
    for (const item of confItems(file.text)) {
      if (item.kind === 'stanza') {
        current = stanzas.get(item.name) ?? {
          name: item.name,
          heading: label(item.start, item.name.length + 2),
          settings: new Map(),
        }
        stanzas.set(item.name, current)
      } else if (item.kind === 'setting') {
        current?.settings.set(item.key, {
          value: item.value,
          label: label(item.start, item.value.length),
        })
      } else {
        diagnostics.push({
          code: 'bad-content',
          severity: 'warning',
          message: `${file.name}: "${item.line.trim().slice(0, 80)}" is neither a stanza nor a setting; the line was skipped.`,
          labels: [label(item.start, item.line.length)],
        })
      }
    }
  }
  return stanzas
}
