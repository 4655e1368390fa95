import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import type { ShownEvaluation } from '../../src/stages/evaluation/index.js'
import { expectRefusal, limiForTests } from '../support/cli.js'
import { writeConfig } from '../support/project.js'

const limi = limiForTests()
const root = path.join(limi.place, 'ours')
const fixtures = path.resolve(import.meta.dirname, '../../src/stages/evaluation/import/inspect/fixtures')
const log = path.join(fixtures, 'sums.eval')

beforeAll(async () => {
  await writeConfig(root)
})

it('imports logs, tells what it rejects by its exit code, and is found again', async () => {
  const one = await limi.json<ShownEvaluation[]>(root, 'eval', 'import', log, '--id', 'sums')
  expect([one.code, one.data.length, one.data[0]?.id, one.data[0]?.done]).toEqual([0, 1, 'sums', 9])
  expect((await limi.run(root, 'eval', 'import', log, '--id', 'sums')).stdout).toContain('was there already')
  const some = await limi.json<ShownEvaluation[]>(
    root,
    'eval',
    'import',
    path.join(fixtures, 'judged.json'),
    'absent.eval',
  )
  expect([some.code, some.data.length]).toEqual([1, 1])
  expectRefusal(await limi.run(root, 'eval', 'import', 'absent.eval'), { code: 'file.absent', what: /absent/ })
})

it('exports an archive that imports as the same evaluation, and replaces no file', async () => {
  const exported = ['eval', 'export', 'sums', '--format', 'limi', '--out', 'sums.zip']
  expect((await limi.run(root, ...exported)).code).toBe(0)
  expectRefusal(await limi.run(root, ...exported), { code: 'export.occupied', what: /already/, todo: /--force/ })
  const back = await limi.json<ShownEvaluation[]>(root, 'eval', 'import', 'sums.zip', '--id', 'back')
  const sums = await limi.json<ShownEvaluation>(root, 'eval', 'show', 'sums')
  expect(back.data[0]).toEqual({ ...sums.data, id: 'back' })
})

it('exports a row a trial and conversations; an unknown format and a name without ending are refused', async () => {
  expect((await limi.run(root, 'eval', 'export', 'sums', '--format', 'csv', '--out', 'sums.csv')).code).toBe(0)
  expect((await readFile(path.join(root, 'sums.csv'), 'utf8')).split('\r\n')).toHaveLength(11)
  const atif = await limi.run(root, 'eval', 'export', 'sums', '--format', 'atif', '--out', 'atif')
  expect([atif.code, atif.stdout]).toEqual([0, expect.stringContaining('9 trajectories') as string])
  const wrong = await limi.run(root, 'eval', 'export', 'sums', '--format', 'xml', '--out', 'x')
  expectRefusal(wrong, { code: 'export.format', what: /xml/, todo: /inspect/ })
  const bare = await limi.run(root, 'eval', 'export', 'sums', '--format', 'inspect', '--out', 'log')
  expectRefusal(bare, { code: 'export.name', what: /ending/, todo: /\.eval/ })
})
