import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { Query, Selection } from '../../nouns/index.js'
import { contentText, messagesOf } from './gates/text.js'
import {
  curate,
  readSelection,
  selectionIsCurrent,
  writeSelection,
  type Candidate,
  type CurateOptions,
} from './index.js'
import { demonstration } from './testing/demonstration.js'

const FAMILIES = ['count', 'sort', 'search', 'move', 'rename', 'join']

/** A pool of small tasks; every third one failed, every tenth is from elsewhere, every eleventh was cut. */
const pool = (size: number): Candidate[] =>
  Array.from({ length: size }, (_, at) => {
    const family = FAMILIES[at % FAMILIES.length]!
    return demonstration({
      id: `t${String(at).padStart(3, '0')}`,
      request: `Please ${family} the file data${at}.txt into out${at}.txt.`,
      command: `${family} data${at}.txt > out${at}.txt`,
      tags: { family, wording: `w${Math.floor(at / 6) % 3}`, length: at % 2 === 0 ? 'short' : 'long' },
      changes: {
        ...(at % 3 === 2 ? { outcome: { status: 'failure' as const, by: 'checks' } } : {}),
        ...(at % 10 === 9 ? { source: { kind: 'imported' as const, agent: 'x', model: 'y' } } : {}),
        ...(at % 11 === 10 ? { complete: false } : {}),
      },
    })
  })

const heldOut = (request: string, id = 'h'): Query => ({
  format: 'limi.query/1',
  id,
  request,
  split: 'heldout',
  tags: {},
  start: { files: {} },
  scoring: { kind: 'none', why: 'test' },
  source: { kind: 'person' },
})

const request = (changes: Partial<CurateOptions> = {}): CurateOptions => ({
  name: 's',
  method: 'curated',
  count: 12,
  seed: 1,
  trajectories: pool(120),
  heldOut: [],
  ...changes,
})

const run = (changes: Partial<CurateOptions> = {}): Selection => curate(request(changes)).selection

const countBy = (reasons: readonly { reason: string }[]): Record<string, number> =>
  reasons.reduce<Record<string, number>>((sum, { reason }) => ({ ...sum, [reason]: (sum[reason] ?? 0) + 1 }), {})

describe('curate', () => {
  it('spreads the choice over families, then wordings, then lengths', () => {
    // t002 and t005 of every six failed, so four families have something to teach.
    const cells = run().chosen.map(({ cell }) => cell.split(' / '))
    const families = cells.reduce<Record<string, Set<string>>>(
      (sum, [family, wording]) => ({ ...sum, [family!]: new Set([...(sum[family!] ?? []), wording!]) }),
      {},
    )
    expect(Object.keys(families).sort()).toEqual(['count', 'move', 'rename', 'sort'])
    for (const wordings of Object.values(families)) expect(wordings.size).toBe(3)
  })

  it('gives a reason for each one left out', () => {
    const reasons = countBy(run().excluded)
    expect(reasons).toEqual({
      incomplete: 10,
      imported: 11,
      'check-failed': expect.any(Number),
      'not-needed': expect.any(Number),
    })
    const [notNeeded] = run().excluded.filter(({ reason }) => reason === 'not-needed')
    expect(notNeeded?.detail).toMatch(/ is covered by t\d+$|the count was reached before/)
  })

  it('takes all and says how many are missing where too few qualify', () => {
    const { selection, shortOf } = curate(request({ count: 500 }))
    expect(shortOf).toBe(500 - selection.chosen.length)
    expect(countBy(selection.excluded)).not.toHaveProperty('not-needed')
    expect(curate(request()).shortOf).toBe(0)
  })

  it('knows whether it is current: same trajectories, held-out queries, method, count and seed', () => {
    const selection = run()
    expect(selectionIsCurrent(selection, request({ trajectories: pool(120).reverse() }))).toBe(true)
    const changed = pool(120).map((one, at) => (at === 5 ? { ...one, digest: 'other' } : one))
    const without = [{ name: 'best', digest: 'd', trajectories: [] }]
    const others = [
      { seed: 2 },
      { count: 13 },
      { trajectories: changed },
      { heldOut: [heldOut('x')] },
      { name: 't' },
      { without },
    ]
    for (const other of others) expect(selectionIsCurrent(selection, request(other))).toBe(false)
  })

  it('keeps the ungated methods fair: nothing cut, from elsewhere or held out', () => {
    const held = heldOut('Please sort the file data1.txt into out1.txt.')
    for (const method of ['random', 'all', 'good'] as const) {
      const selection = run({ method, count: 100, heldOut: [held] })
      const reasons = countBy(selection.excluded)
      expect(reasons).toMatchObject({ incomplete: 10, imported: 11, leak: 1 })
      expect('check-failed' in reasons).toBe(method === 'good')
    }
    expect(run({ method: 'all' }).chosen).toHaveLength(99)
    expect(run({ method: 'random', count: 30 }).chosen).toHaveLength(30)
  })

  it('keeps near-duplicates among the good, not among the curated', () => {
    const twin = (id: string): Candidate =>
      demonstration({ id, request: 'Sort a.txt into b.txt.', tags: { family: 'sort' } })
    const trajectories = [twin('one'), twin('two')]
    expect(run({ trajectories, method: 'good', count: undefined }).chosen).toHaveLength(2)
    expect(run({ trajectories }).excluded).toEqual([{ trajectory: 'two', reason: 'near-duplicate', detail: 'of one' }])
  })

  it('draws otherwise with another seed', () => {
    const ids = (seed: number): string[] => run({ method: 'random', seed }).chosen.map(({ trajectory }) => trajectory)
    expect(ids(1)).toEqual(ids(1))
    expect(ids(1)).not.toEqual(ids(2))
  })

  it('accounts for every trajectory once, in any order of input, and never chooses held-out text', () => {
    const all = pool(60)
    const texts = new Map(
      all.map(({ trajectory }) => [trajectory.id, messagesOf(trajectory).map(contentText).join('\n')]),
    )
    const requests = all.map(({ trajectory }) => contentText(messagesOf(trajectory)[1]!))
    fc.assert(
      fc.property(
        fc.constantFrom('curated' as const, 'good' as const, 'random' as const, 'all' as const),
        fc.shuffledSubarray(all, { minLength: 0 }),
        fc.subarray(requests, { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(5),
        (method, trajectories, held, count, seed) => {
          const queries = held.map((request, at) => heldOut(request, `h${at}`))
          const options = { name: 's', method, count, seed, heldOut: queries }
          const { selection } = curate({ ...options, trajectories })
          const seen = [...selection.chosen, ...selection.excluded].map(({ trajectory }) => trajectory).sort()
          expect(seen).toEqual(trajectories.map(({ trajectory }) => trajectory.id).sort())
          expect(curate({ ...options, trajectories: [...trajectories].reverse() }).selection).toEqual(selection)
          for (const { trajectory } of selection.chosen) {
            for (const request of held) expect(texts.get(trajectory)).not.toContain(request)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('selection files', () => {
  const made = mkdtemp(path.join(os.tmpdir(), 'limi selections ü-'))
  afterAll(async () => rm(await made, { recursive: true, force: true }))

  it('read back as they were written, a line an entry', async () => {
    const folder = await made
    const selection = run()
    const file = path.join(folder, 's.yaml')
    expect(await writeSelection(file, selection)).toMatchObject({ ok: true })
    expect(await readSelection(file)).toEqual({ ok: true, value: selection })
    const text = await readFile(file, 'utf8')
    expect(text).toMatch(/^ {2}- \{ trajectory: t\d+, digest: file-t\d+, cell: .* \}$/m)
  })

  it('say where they are damaged', async () => {
    const folder = await made
    await writeFile(path.join(folder, 'broken.yaml'), 'format: limi.selection/1\nname: [\n')
    const broken = await readSelection(path.join(folder, 'broken.yaml'))
    expect(broken).toMatchObject({ ok: false, failure: { code: 'selection.invalid' } })
    expect(!broken.ok && broken.failure.where).toMatch(/broken\.yaml:\d+$/)
    const bomb = 'abcd'
      .split('')
      .map((name, at) => `${name}: &${name} [${(at === 0 ? 'x,' : `*${'abc'[at - 1]!},`).repeat(50)}]`)
    await writeFile(path.join(folder, 'bomb.yaml'), bomb.join('\n'))
    expect(await readSelection(path.join(folder, 'bomb.yaml'))).toMatchObject({
      ok: false,
      failure: { kind: 'input', code: 'selection.invalid' },
    })
    expect(await readSelection(path.join(folder, 'absent.yaml'))).toMatchObject({
      ok: false,
      failure: { code: 'file.absent' },
    })
  })
})
