import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { trajectoryStore, type TrajectoryStore } from '../store/index.js'
import { importFormats, importPaths } from './index.js'
import { Mutator } from './testing/mutate.js'
import { SEEDS, type Seed } from './testing/seeds.js'

/** More where `LIMI_TEST_FUZZ` says so; `LIMI_TEST_FUZZ_SEED` moves on to others. */
const MUTANTS = Number(process.env['LIMI_TEST_FUZZ'] ?? 40)
const FIRST = Number(process.env['LIMI_TEST_FUZZ_SEED'] ?? 0)
const NAMED = /\((import|file)\.[a-z-]+\)/

let folder: string
let store: TrajectoryStore
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limi-fuzz-'))
  store = trajectoryStore(path.join(folder, 'trajectories'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Unchanged where there is no number. */
const textOf = (seed: Seed, number: number | null): string => {
  if (number === null) return (seed.lines ?? [seed.document]).map((one) => JSON.stringify(one)).join('\n')
  const mutator = new Mutator(number)
  return seed.lines === undefined ? mutator.mutate(seed.document) : mutator.mutateLines(seed.lines)
}

/** What is wrong with the import of a text, or null. */
async function wrongWith(seed: Seed, number: number | null): Promise<string | null> {
  const file = path.join(folder, `${seed.format}-${number}`, seed.name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, textOf(seed, number))
  try {
    const report = unwrap(await importPaths([file], { format: seed.format, store }))
    if (number === null && report.rejected.length > 0) return report.rejected.map(({ error }) => error).join()
    const unnamed = report.rejected.find(({ error }) => !NAMED.test(error))
    if (unnamed !== undefined) return `rejected without a code: ${unnamed.error}`
    if (report.imported.length + report.rejected.length === 0) return 'neither imported nor rejected'
    for (const { id, messages } of report.imported) {
      const { complete, threads } = unwrap(await store.read(id))
      const read = threads.reduce((sum, thread) => sum + thread.messages.length, 0)
      if (complete === (seed.isCut ?? false)) return `${id} is ${complete ? '' : 'not '}complete`
      if (read !== messages) return `${id}: ${read} messages are read of ${messages}`
    }
    return null
  } catch (error) {
    return (error as Error).stack ?? String(error)
  } finally {
    await rm(path.dirname(file), { recursive: true, force: true })
  }
}

describe('whatever is changed in a file, it is imported whole or rejected with a code', () => {
  it('there is a file of every format', () => {
    expect([...new Set(SEEDS.map(({ format }) => format))].sort()).toEqual([...importFormats].sort())
  })

  it.each(SEEDS.map((seed) => [`${seed.format}, ${seed.name}`, seed] as const))('%s', async (_name, seed) => {
    expect(await wrongWith(seed, null)).toBeNull()
    const wrong: string[] = []
    for (let number = FIRST; number < FIRST + MUTANTS; number += 1) {
      const found = await wrongWith(seed, number)
      if (found !== null) wrong.push(`seed ${number}: ${found}`)
    }
    expect(wrong).toEqual([])
  })
})
