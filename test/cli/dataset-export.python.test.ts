import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { readyEnvironment } from '../../src/shared/python/index.js'
import type { ReadBackReport } from '../../src/stages/dataset/index.js'
import { limiForTests } from '../support/cli.js'
import { writeDatasetProject } from '../support/dataset.js'
import { TINY_MODEL, tinyTrajectories } from '../support/tiny-dataset.js'

/** The cache whose engine LIMI_TEST_PYTHON names, as limi itself lays it out; a Python from elsewhere is no engine of limi's. */
const cache = path.resolve(process.env['LIMI_TEST_PYTHON'] ?? '.limi/engines/trl', '..', '..')
const isReady = process.env['LIMI_TEST_PYTHON'] !== undefined && (await readyEnvironment(cache, 'trl')) !== null
const limi = limiForTests({ LIMI_CACHE: cache })

it.skipIf(!isReady)(
  'limi dataset export --read-back: exit code 1 where the engine trains something else, and the file is there (skips unless LIMI_TEST_PYTHON is an engine of a LIMI_CACHE)',
  { timeout: 300_000 },
  async () => {
    const root = path.join(limi.place, 'project')
    await writeDatasetProject(root, tinyTrajectories(), TINY_MODEL)
    const command = ['dataset', 'export', 'chosen', '--format', 'trl', '--read-back']
    const whole = await limi.json<{ readBack: ReadBackReport }>(root, ...command)
    expect([whole.code, whole.data.readBack.equal, whole.data.readBack.first]).toEqual([0, true, []])
    const cut = await limi.run(root, ...command, '--engine-setting', 'max_length=50')
    expect(cut.code).toBe(1)
    expect(cut.stdout).toMatch(/reads 0 of 5 samples as they are; 2 differ, 3 are absent/u)
    expect(cut.stdout).toMatch(/short, token 50 and 6 more "nce upon": trains here, absent there/u)
    expect(existsSync(path.join(root, 'chosen.trl.jsonl'))).toBe(true)
  },
)
