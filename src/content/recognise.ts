// What kind of content a YAML file is, told by its keys; its folder decides only where the keys do not.

import type { YamlValue } from './yaml-file.ts'

export type ContentKind =
  | 'detection'
  | 'baseline'
  | 'macro'
  | 'lookup'
  | 'story'
  | 'data source'
  | 'deployment'
  /** What a repository says about itself. */
  | 'project'
  /** Content of Splunk's that a scan has no use for: playbooks, responses, dataset lists. */
  | 'unused'

/** The folders of a security_content or contentctl repository that are read, and what they hold. */
export const contentFolders: ReadonlyMap<string, ContentKind> = new Map([
  ['detections', 'detection'],
  ['baselines', 'baseline'],
  ['macros', 'macro'],
  ['lookups', 'lookup'],
  ['stories', 'story'],
  ['data_sources', 'data source'],
  ['deployments', 'deployment'],
])

/** The file at the root of a repository that says what it is. */
export const projectFile = 'contentctl.yml'

/**
 * Tells what a file is; undefined when it is no content of any kind that is known.
 *
 * @param folder  the name of the repository's folder that the file is in
 */
export function recognise(value: YamlValue, folder: string | undefined): ContentKind | undefined {
  if (folder === projectFile) return 'project'
  if (typeof value === 'string' || Array.isArray(value)) return folderKind(folder)
  const has = (...keys: string[]): boolean => keys.some((key) => Object.hasOwn(value, key))
  const type = (value as { readonly [key: string]: YamlValue })['type']
  if (has('search')) {
    if (type === 'Baseline') return 'baseline'
    return type === 'Investigation' ? 'unused' : 'detection'
  }
  if (has('definition')) return 'macro'
  if (has('narrative')) return 'story'
  if (has('filename', 'collection', 'lookup_type', 'match_type')) return 'lookup'
  if (has('source') && has('sourcetype')) return 'data source'
  if (has('scheduling', 'alert_action')) return folder === 'deployments' ? 'deployment' : 'unused'
  if (has('playbook', 'dataset', 'datasets')) return 'unused'
  if (has('app', 'build_app', 'build_path', 'enrichments')) return 'unused'
  // A detection that lost its search is a broken detection, not something else.
  if (has('how_to_implement', 'rba', 'data_source', 'drilldown_searches', 'known_false_positives'))
    return 'detection'
  return folderKind(folder)
}

function folderKind(folder: string | undefined): ContentKind | undefined {
  return folder === undefined ? undefined : contentFolders.get(folder)
}
