import { existsSync } from 'node:fs'
import { mkdtemp, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFolder, writeFileAtomic } from './index.js'

const here = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'limi folder ü '))

describe('folders', () => {
  it('are made with those above them, and may be there already', async () => {
    const folder = path.join(await here(), 'a', 'b', 'c')
    expect(await makeFolder(folder)).toMatchObject({ ok: true })
    expect(await makeFolder(folder)).toMatchObject({ ok: true })
    expect((await stat(folder)).isDirectory()).toBe(true)
  })

  it('where a file stands in the way are refused', async () => {
    const file = path.join(await here(), 'file')
    await writeFile(file, '')
    const refused = { ok: false, failure: { kind: 'input', code: 'disk.not-a-folder' } }
    expect(await makeFolder(file)).toMatchObject(refused)
    expect(await writeFileAtomic(path.join(file, 'x'), '')).toMatchObject(refused)
  })

  it.skipIf(!existsSync('/proc/self'))(
    'that a file system cannot make end with a failure (skipped without /proc)',
    async () => {
      const file = '/proc/limi/deep/file.json'
      const refused = { ok: false, failure: { kind: 'input', code: 'disk.denied', where: file } }
      expect(await writeFileAtomic(file, '')).toMatchObject(refused)
    },
  )
})
