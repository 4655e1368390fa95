import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { theCaller } from './caller.js'
import { removeLeftovers } from './folders.js'

test.skipIf(process.platform !== 'linux')('what killed processes left is taken away, and nothing else', async () => {
  const within = mkdtempSync(path.join(os.tmpdir(), 'limi-folders-'))
  const numbers = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0]
  const { pid } = spawnSync('true')
  const kept = [
    `limi-sandbox-${numbers}-${process.pid}-a`,
    `limi-base-${numbers}-1-a`,
    `limi-sandbox-7-${pid}-a`,
    `limi-else-${numbers}-${pid}-a`,
    'limi-sandbox-Xy12',
  ]
  for (const name of [...kept, `limi-sandbox-${numbers}-${pid}-a`, `limi-base-${numbers}-${pid}-b`])
    mkdirSync(path.join(within, name, 'd'), { recursive: true })
  await removeLeftovers(within, theCaller())
  expect(readdirSync(within).sort()).toEqual(kept.sort())
})
