import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cacheFolder } from './cache-folder.ts'

test.skipIf(process.platform === 'win32')('the cache is where the environment says, else in the home', () => {
  const own = join(homedir(), '.cache', 'karst')
  expect(cacheFolder({})).toBe(own)
  expect(cacheFolder({ XDG_CACHE_HOME: '/var/caches' })).toBe('/var/caches/karst')
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toBe(own)
  expect(cacheFolder({ XDG_CACHE_HOME: '' })).toBe(own)
  expect(cacheFolder({ XDG_CACHE_HOME: '/var/caches', KARST_CACHE_DIR: '/mnt/karst' })).toBe('/mnt/karst')
  expect(cacheFolder({ KARST_CACHE_DIR: '' })).toBe(own)
})
