import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const NAME = 'limi-tests-'

/** One folder for all that tests leave behind, removed with it when they are over. */
export function setup(): (() => void) | undefined {
  const before = process.env['TMPDIR']
  // Each project of the configuration asks.
  if (path.basename(os.tmpdir()).startsWith(NAME)) return undefined
  const folder = mkdtempSync(path.join(os.tmpdir(), NAME))
  // Sandboxes of root's run as somebody else, who must get there.
  chmodSync(folder, 0o755)
  process.env['TMPDIR'] = folder
  return () => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    } catch (error) {
      console.warn(`some of what tests left stays: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}
