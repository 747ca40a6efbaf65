// Reads what a content repository says about itself: contentctl.yml, and the deployments that schedule its detections.

import { line, lines, mapOf, optional, type Read, readAs, unused } from './schema.ts'
import type { YamlFile } from './yaml-file.ts'

/** The settings of a repository that have an effect here. */
export interface Project {
  /** What the names of its searches begin with in Splunk: `LABEL - NAME - Rule`. */
  readonly label: string | undefined
}

/** contentctl.yml of contentctl 4 and 5 has `app`, that of version 3 `build`. Most of it is about building and testing. */
const projectSchema = mapOf({
  app: optional(
    mapOf({
      label: optional(line),
      prefix: optional(line),
      ...Object.fromEntries(
        `uid title appid version description author_name author_email author_company build build_date hardcoded_path
        release_notes`
          .split(/\s+/)
          .map((key) => [key, unused]),
      ),
    }),
  ),
  build: optional(
    mapOf({
      prefix: optional(line),
      ...Object.fromEntries(
        `title name version build id author author_email author_company label description app_id visible
        path_root`
          .split(/\s+/)
          .map((key) => [key, unused]),
      ),
    }),
  ),
  ...Object.fromEntries(
    `path enrichments build_app build_api build_ssa build_path build_splunk build_ba test_instance container_settings mode
    splunk_api_username splunk_api_password post_test_behavior apps verbose githash test test_servers branch branches common
    enforce_deprecation_mapping_requirement data_source_TA_validation splunkbase_username splunkbase_password`
      .split(/\s+/)
      .map((key) => [key, unused]),
  ),
})

/** Reads contentctl.yml. */
export const readProject = (file: YamlFile): Read<Project> =>
  readAs(projectSchema, file, 'project', ({ app, build }) => ({
    label: app?.label ?? app?.prefix ?? build?.prefix,
  }))

/** When detections of a type run in Splunk, and what their rows become. */
export interface Deployment {
  readonly name: string
  readonly types: readonly string[]
  readonly raisesRisk: boolean
  readonly isNotable: boolean
  readonly file: YamlFile
}

const deploymentSchema = mapOf({
  name: line.default(''),
  type: lines.optional(),
  alert_action: optional(
    mapOf({
      rba: optional(mapOf({ enabled: optional(line) })),
      notable: unused,
      email: unused,
      slack: unused,
      phantom: unused,
    }),
  ),
  tags: optional(mapOf({ type: lines.optional(), analytic_story: unused, detection_name: unused })),
  id: unused,
  date: unused,
  author: unused,
  description: unused,
  scheduling: unused,
})

/** Reads a deployment. */
export const readDeployment = (file: YamlFile): Read<Deployment> =>
  readAs(deploymentSchema, file, 'deployment', ({ name, type, tags, alert_action: action }) => ({
    name,
    types: type ?? tags?.type ?? [],
    raisesRisk: /^(?:true|yes|on|1)$/i.test(action?.rba?.enabled ?? ''),
    isNotable: action?.notable !== undefined,
    file,
  }))

/** What the rows of a detection become here, by its type: see docs/risk.md. */
const becomes: ReadonlyMap<string, Pick<Deployment, 'raisesRisk' | 'isNotable'>> = new Map([
  ['TTP', { raisesRisk: true, isNotable: true }],
  ['Anomaly', { raisesRisk: true, isNotable: false }],
  ['Hunting', { raisesRisk: false, isNotable: false }],
  ['Correlation', { raisesRisk: false, isNotable: true }],
])

/** In what a deployment differs from what its types become here, in a sentence; undefined when in nothing. */
export function deploymentDifference({ types, raisesRisk, isNotable, name }: Deployment): string | undefined {
  const differing = types.filter((type) => {
    const here = becomes.get(type)
    return here !== undefined && (here.raisesRisk !== raisesRisk || here.isNotable !== isNotable)
  })
  if (differing.length === 0) return undefined
  const says = [
    raisesRisk ? 'raise risk' : 'raise no risk',
    isNotable ? 'make notable events' : 'make no notable events',
  ].join(' and ')
  return `The deployment "${name}" lets ${differing.join(' and ')} detections ${says}; Karst goes by the type alone.`
}
