// The version of Karst, as its package states it.

import { readFileSync } from 'node:fs'

/** `karst 0.1.0` */
export function versionText(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return `karst ${manifest.version}`
}
