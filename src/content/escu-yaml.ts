// Reads a detection file of security_content or contentctl, old and new.

import * as z from 'zod'
import { rbaSchema, riskOfRba } from './contentctl-rba.ts'
import {
  type Detection,
  type DetectionRisk,
  type DetectionTest,
  detectionTypes,
  type ExpectedRow,
  type RiskObjectField,
  riskScore,
  type ThreatObjectField,
  type Throttling,
} from './detection.ts'
import {
  count,
  flag,
  line,
  lines,
  listOf,
  mapOf,
  optional,
  percentage,
  prose,
  type Read,
  readAs,
  requiredLine,
  unused,
} from './schema.ts'
import type { YamlFile } from './yaml-file.ts'

const observableSchema = mapOf({
  name: requiredLine,
  type: requiredLine,
  role: lines.optional(),
})

const throttlingSchema = mapOf({
  fields: lines,
  period: line.regex(/^\d{1,9}[smhd]$/, 'must be a time such as 300s, 60m, 24h or 7d'),
})

const tagsSchema = mapOf({
  analytic_story: lines.optional(),
  asset_type: optional(line),
  atomic_guid: lines.optional(),
  cis20: lines.optional(),
  confidence: optional(percentage),
  cve: lines.optional(),
  impact: optional(percentage),
  kill_chain_phases: lines.optional(),
  manual_test: optional(line),
  message: optional(prose),
  mitre_attack_id: lines.optional(),
  nist: lines.optional(),
  observable: listOf(observableSchema).optional(),
  product: lines.optional(),
  required_fields: lines.optional(),
  risk_score: optional(percentage),
  security_domain: optional(line),
  throttling: optional(throttlingSchema),
  automated_detection_testing: unused,
  context: unused,
  dataset: unused,
  drilldown_search: unused,
  event_schema: unused,
  group: unused,
  mappings: unused,
  research_site_url: unused,
  risk_level: unused,
  risk_severity: unused,
  supported_tas: unused,
})

const attackDataSchema = mapOf({
  data: requiredLine,
  source: line.default(''),
  sourcetype: line.default(''),
  custom_index: optional(line),
  host: optional(line),
  file_name: unused,
  update_timestamp: unused,
})

/** Fields and the values that a row must have; a list stands for a multivalue field. */
const expectedRowSchema = z.record(z.string(), prose.or(z.array(prose)), 'must be a map of fields and values')

const detectionSchema = mapOf({
  name: requiredLine,
  id: requiredLine,
  version: count.default(1),
  date: line.default(''),
  author: line.default(''),
  status: line.toLowerCase().default('production'),
  type: line
    .transform((type) => detectionTypes.find((known) => known.toLowerCase() === type.toLowerCase()) ?? type)
    .pipe(z.enum(detectionTypes, `must be one of ${detectionTypes.join(', ')}`)),
  description: prose.default(''),
  data_source: lines.optional(),
  search: prose.refine((search) => search.trim() !== '', 'must not be empty'),
  how_to_implement: prose.default(''),
  known_false_positives: prose.default(''),
  references: lines.optional(),
  drilldown_searches: listOf(
    mapOf({
      name: requiredLine,
      search: prose,
      earliest_offset: line.default('$info_min_time$'),
      latest_offset: line.default('$info_max_time$'),
    }),
  ).optional(),
  tags: optional(tagsSchema),
  rba: optional(rbaSchema),
  tests: listOf(
    mapOf({
      name: line.default('True Positive Test'),
      attack_data: listOf(attackDataSchema).optional(),
      must_not_fire: optional(flag),
      expected_rows: listOf(expectedRowSchema).optional(),
      test_type: unused,
      baselines: unused,
      file: unused,
      pass_condition: unused,
      earliest_time: unused,
      latest_time: unused,
    }),
  ).optional(),
  baselines: unused,
  check_references: unused,
  datamodel: unused,
  deployment: unused,
  enabled_by_default: unused,
  file_path: unused,
  providing_technologies: unused,
})

type DetectionFile = z.output<typeof detectionSchema>
type TagsFile = z.output<typeof tagsSchema>

/**
 * Reads a detection.
 *
 * @param path  the file, from the content's root
 */
export function readDetection(file: YamlFile, path: string): Read<Detection> {
  return readAs(detectionSchema, file, 'detection', (data) => detectionOf(data, file, path))
}

function detectionOf(data: DetectionFile, file: YamlFile, path: string): Detection {
  const tags: TagsFile = data.tags ?? {}
  const risk = data.rba === undefined ? riskOfTags(tags) : riskOfRba(data.rba)
  return {
    id: data.id,
    name: data.name,
    version: data.version,
    date: data.date,
    author: data.author,
    status: data.status,
    type: data.type,
    description: data.description.trim(),
    dataSources: (data.data_source ?? []).map((sources) => sources.split(/\s+AND\s+/)),
    search: file.located(['search'], data.search),
    howToImplement: data.how_to_implement.trim(),
    knownFalsePositives: data.known_false_positives.trim(),
    references: data.references ?? [],
    drilldowns: (data.drilldown_searches ?? []).map((drilldown) => ({
      name: drilldown.name,
      search: drilldown.search,
      earliest: drilldown.earliest_offset,
      latest: drilldown.latest_offset,
    })),
    ...(risk === undefined ? {} : { risk }),
    tags: {
      analyticStories: tags.analytic_story ?? [],
      mitreAttackIds: tags.mitre_attack_id ?? [],
      cve: tags.cve ?? [],
      products: tags.product ?? [],
      requiredFields: tags.required_fields ?? [],
      atomicGuids: tags.atomic_guid ?? [],
      ...stated('assetType', tags.asset_type),
      ...stated('killChainPhases', tags.kill_chain_phases),
      ...stated('nist', tags.nist),
      ...stated('cis20', tags.cis20),
      ...stated('securityDomain', tags.security_domain),
      ...stated('impact', tags.impact),
      ...stated('confidence', tags.confidence),
      ...stated('riskScore', tags.risk_score),
      ...stated('manualTest', tags.manual_test),
    },
    tests: (data.tests ?? []).map(testOf),
    ...stated('throttling', tags.throttling && throttlingOf(tags.throttling)),
    path,
    file: file.source.name,
    place: (keys, text) => file.label(keys, text),
  }
}

function testOf(test: NonNullable<DetectionFile['tests']>[number]): DetectionTest {
  const { name, attack_data: data = [], must_not_fire: mustNotFire = false, expected_rows: rows } = test
  return {
    name,
    attackData: data.map(({ data: dataset, source, sourcetype, custom_index, host }) => ({
      data: dataset,
      source,
      sourcetype,
      ...stated('customIndex', custom_index),
      ...stated('host', host),
    })),
    mustNotFire,
    ...(rows === undefined ? {} : { expectedRows: rows.map(expectedRowOf) }),
  }
}

const expectedRowOf = (row: z.output<typeof expectedRowSchema>): ExpectedRow =>
  new Map(
    Object.entries(row).map(([field, values]) => [field, typeof values === 'string' ? [values] : values]),
  )

/** A property that is there only when it has a value, and a list only when it is not empty. */
function stated<Key extends string, Value>(key: Key, value: Value | undefined): { [Name in Key]?: Value } {
  const absent = value === undefined || (Array.isArray(value) && value.length === 0)
  return (absent ? {} : { [key]: value }) as { [Name in Key]?: Value }
}

function throttlingOf({ fields, period }: z.output<typeof throttlingSchema>): Throttling {
  const unit = { s: 1, m: 60, h: 3600, d: 86400 }[period.at(-1) as 's' | 'm' | 'h' | 'd']
  return { fields, seconds: Number(period.slice(0, -1)) * unit }
}

const userTypes = new Set(['user', 'username', 'email address'])
const systemTypes = new Set(['device', 'endpoint', 'hostname', 'ip address'])
const threatTypes = new Map([
  ['process name', 'process'],
  ['process', 'process'],
  ['file name', 'file_name'],
  ['file', 'file_name'],
  ['file hash', 'file_name'],
  ['url string', 'url'],
  ['url', 'url'],
  ['ip address', 'ip_address'],
])

/**
 * Risk in the older form: observables with roles and one score for all of them.
 * Absent when the file states neither a score nor anything to compute it from, or nothing that could take it.
 * @see contentctl 4, which built the risk of Splunk's published content so: any pair of role and type that is not named
 *   here becomes a risk object of type `other`, even an attacker's user or host
 */
function riskOfTags(tags: TagsFile): DetectionRisk | undefined {
  const { impact, confidence } = tags
  const score =
    impact !== undefined && confidence !== undefined ? riskScore(impact, confidence) : tags.risk_score
  if (score === undefined || (tags.message === undefined && tags.observable === undefined)) return undefined
  const objects: RiskObjectField[] = []
  const threatObjects: ThreatObjectField[] = []
  for (const { name: field, type, role = [] } of tags.observable ?? []) {
    const kind = type.toLowerCase()
    const threat = role.includes('Attacker') ? threatTypes.get(kind) : undefined
    if (role.includes('Victim') && userTypes.has(kind)) objects.push({ field, type: 'user', score })
    else if (role.includes('Victim') && systemTypes.has(kind)) objects.push({ field, type: 'system', score })
    else if (threat !== undefined) threatObjects.push({ field, type: threat })
    else objects.push({ field, type: 'other', score })
  }
  return { message: (tags.message ?? '').trim(), objects, threatObjects }
}
