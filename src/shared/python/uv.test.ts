import { existsSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { findUv } from './index.js'

afterEach(() => void vi.unstubAllEnvs())

test.runIf(existsSync('/proc/self'))(
  'a cache that cannot be made is told at once where uv is to be fetched',
  async () => {
    vi.stubEnv('PATH', '')
    const options = { cacheRoot: '/proc/limi', announce: () => undefined }
    expect(await findUv({ path: '/nowhere/python', version: '3.12.0' }, options)).toMatchObject({
      failure: { kind: 'input', code: 'disk.denied', where: '/proc/limi' },
    })
  },
)
