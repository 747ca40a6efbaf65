// The limits among the settings, as the rooms that hold them want them.

import type { DecodeLimits } from '../decode/reader.ts'
import type { ArchiveLimits } from '../source/archives.ts'
import type { Limits } from '../spl/run/context.ts'
import type { SettingValues } from './config.ts'

/** Limits of searches, of decoders and of archives. */
export interface AllLimits {
  readonly search: Limits
  readonly decode: DecodeLimits
  readonly archive: ArchiveLimits
}

/** Sorts the limits by who keeps them. */
export function limitsOf(values: SettingValues): AllLimits {
  return {
    search: {
      subsearchMaxout: values['limits.subsearch.maxout'],
      subsearchMaxtime: values['limits.subsearch.maxtime'],
      joinSubsearchMaxout: values['limits.join.subsearch_maxout'],
      appendMaxout: values['limits.searchresults.maxresultrows'],
      listMaxsize: values['limits.stats.list_maxsize'],
      maxValues: values['limits.stats.maxvalues'],
      mapMaxsearches: values['limits.map.maxsearches'],
      maxRows: values['limits.max_rows'],
      mvexpandLimit: values['limits.mvexpand.limit'],
      maxMemory: values['limits.max_memory'],
    },
    decode: {
      maxEventBytes: values['limits.max_event_bytes'],
      maxEventFields: values['limits.max_event_fields'],
    },
    archive: {
      maxInflatedBytes: values['limits.archive.max_bytes'],
      maxRatio: values['limits.archive.max_ratio'],
      ratioFreeBytes: values['limits.archive.ratio_free_bytes'],
      maxEntries: values['limits.archive.max_entries'],
      maxDepth: values['limits.archive.max_depth'],
      maxHeldBytes: values['limits.archive.max_held_bytes'],
    },
  }
}
