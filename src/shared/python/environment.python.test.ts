import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../nouns/index.js'
import { ensureEnvironment, readyEnvironment } from './environment.js'
import { execute } from './execute.js'
import { fakeNvidiaSmi, pythonTestsSkipped } from './testing/index.js'

let cacheRoot: string
const said: string[] = []
const ensure = () => ensureEnvironment({ name: 'probe', cacheRoot, announce: (line) => said.push(line) })

/** A real environment of one small package, so that making, breaking and repairing it takes seconds. */
describe.skipIf(pythonTestsSkipped)('a managed environment', () => {
  beforeAll(async () => {
    cacheRoot = await mkdtemp(path.join(os.tmpdir(), 'limi cache ü-'))
  })
  afterAll(() => rm(cacheRoot, { recursive: true, force: true }))

  test('is announced before it is made, works, and is reused in silence', async () => {
    const made = unwrap(await ensure())
    expect(said.join('\n')).toContain('pyyaml==6.0.3')
    expect(made.versions).toMatchObject({ pyyaml: '6.0.3' })
    const ran = unwrap(await execute(made.python, ['-c', 'import yaml; print(yaml.safe_load("a: 1"))']))
    expect(ran.stdout).toBe("{'a': 1}")
    said.length = 0
    expect(unwrap(await ensure())).toEqual(made)
    expect(said).toEqual([])
  }, 120_000)

  test('with one file gone it is not ready, and is repaired, which is said', async () => {
    const { python } = unwrap(await ensure())
    const found = unwrap(await execute(python, ['-c', 'import yaml; print(yaml.__file__)'])).stdout
    await rm(path.join(path.dirname(found), 'loader.py'))
    expect(await readyEnvironment(cacheRoot, 'probe')).toBeNull()
    unwrap(await ensure())
    expect(said.join('\n')).toContain('made anew')
    unwrap(await execute(python, ['-c', 'import yaml']))
  }, 120_000)

  test('one for a CPU is not ready on a machine that has a GPU now', async () => {
    const { root } = unwrap(await ensure())
    const file = path.join(root, 'manifest.json')
    const manifest = await readFile(file, 'utf8')
    await writeFile(file, JSON.stringify({ ...(JSON.parse(manifest) as object), backend: 'cpu' }))
    expect(await readyEnvironment(cacheRoot, 'probe')).not.toBeNull()
    const before = process.env['PATH']
    process.env['PATH'] = `${await fakeNvidiaSmi(cacheRoot, 'Some GPU, 1000')}:${before ?? ''}`
    expect(await readyEnvironment(cacheRoot, 'probe')).toBeNull()
    process.env['PATH'] = before
    await writeFile(file, manifest)
  }, 120_000)

  test('an interrupted build has no manifest, and so is made again', async () => {
    const { root } = unwrap(await ensure())
    await rm(path.join(root, 'manifest.json'))
    await rm(path.join(root, 'bin'), { recursive: true })
    unwrap(await ensure())
    expect(await readyEnvironment(cacheRoot, 'probe')).not.toBeNull()
  }, 120_000)

  test('two builders at once make it once', async () => {
    const { root } = unwrap(await ensure())
    await rm(root, { recursive: true })
    said.length = 0
    const both = await Promise.all([ensure(), ensure()])
    expect(both.map(({ ok }) => ok)).toEqual([true, true])
    expect(said.filter((line) => line.startsWith('checking'))).toHaveLength(1)
  }, 120_000)

  test('without a network it says so and what to do', async () => {
    const { root } = unwrap(await ensure())
    await rm(root, { recursive: true })
    const before = { ...process.env }
    Object.assign(process.env, { UV_DEFAULT_INDEX: 'http://127.0.0.1:9/simple', UV_HTTP_RETRIES: '0' })
    Object.assign(process.env, { UV_CACHE_DIR: path.join(cacheRoot, 'empty') })
    try {
      expect(await ensure()).toMatchObject({
        ok: false,
        failure: { kind: 'missing', code: 'network.unreachable' },
      })
    } finally {
      process.env = before
    }
    await writeFile(path.join(cacheRoot, 'engines', 'marker'), '')
    unwrap(await ensure())
  }, 120_000)
})
