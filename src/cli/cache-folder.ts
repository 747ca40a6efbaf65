// Where the command line keeps what it read of content. What is in it is engine's business.

import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { cacheVariable } from '../config/load.ts'

/**
 * The folder of the cache: KARST_CACHE_DIR, else `karst` in the user's folder for caches.
 * @see XDG Base Directory Specification: a relative XDG_CACHE_HOME does not count
 */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const own = environment[cacheVariable]
  if (own !== undefined && own !== '') return own
  const { XDG_CACHE_HOME: shared = '', LOCALAPPDATA: local = '' } = environment
  if (isAbsolute(shared)) return join(shared, 'karst')
  return process.platform === 'win32' && isAbsolute(local)
    ? join(local, 'karst', 'cache')
    : join(homedir(), '.cache', 'karst')
}
