import { mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FailureError, unwrap, type TrajectoryHeader } from '../../../nouns/index.js'
import { digestOf } from '../../../shared/project/index.js'
import { trajectory as arbitrary } from '../../../../test/arbitrary-trajectory.js'
import { contentDigest, trajectoryStore } from './index.js'

const temporary = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'limi-store-'))
const header = (id: string): TrajectoryHeader => ({
  type: 'header',
  format: 'limi.trajectory/1',
  id,
  source: { kind: 'built-in', agent: 'shell', model: 'expert' },
  tags: { family: 'create' },
})
const end = { type: 'end' as const }

describe('trajectoryStore', () => {
  it('has each event in the file when its append resolves, in the order of the calls', async () => {
    const folder = await temporary()
    const writer = unwrap(await trajectoryStore(folder).open(header('a')))
    const file = path.join(folder, 'a.jsonl')
    expect((await readFile(file, 'utf8')).split('\n').length).toBe(2)
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        writer.append({ type: 'round', record: { round: at + 1, score: at, max: 20, passed: false } }),
      ),
    )
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n').slice(1)
    expect(lines.map((line) => (JSON.parse(line) as { record: { score: number } }).record.score)).toEqual([
      ...Array(20).keys(),
    ])
    await writer.close()
  })

  it('replaces an unfinished trajectory and refuses to replace a finished one', async () => {
    const store = trajectoryStore(await temporary())
    await unwrap(await store.open(header('a'))).close()
    const again = unwrap(await store.open(header('a')))
    await again.append(end)
    await again.close()
    expect(await store.open(header('a'))).toMatchObject({ ok: false, failure: { code: 'trajectory.exists' } })
  })

  it('replaces a finished one where that is asked for', async () => {
    const store = trajectoryStore(await temporary())
    for (const open of [store.open, store.openAnew, store.openAnew]) {
      const writer = unwrap(await open(header('a')))
      await writer.append(end)
      await writer.close()
    }
    expect(unwrap(await store.read('a'))).toMatchObject({ complete: true, threads: [] })
    expect(await store.openAnew(header('../a'))).toMatchObject({ ok: false, failure: { code: 'id.invalid' } })
  })

  it('writes nothing once it is closed', async () => {
    const folder = await temporary()
    const writer = unwrap(await trajectoryStore(folder).open(header('a')))
    await writer.close()
    await expect(writer.append(end)).rejects.toBeInstanceOf(FailureError)
    expect((await readFile(path.join(folder, 'a.jsonl'), 'utf8')).split('\n').length).toBe(2)
  })

  it('lists sorted ids, reads all, and names what cannot be read', async () => {
    const folder = await temporary()
    const store = trajectoryStore(folder)
    for (const id of ['b', 'a']) {
      const writer = unwrap(await store.open(header(id)))
      await writer.append(end)
      await writer.close()
    }
    await writeFile(path.join(folder, 'bad.jsonl'), 'no json\n')
    await writeFile(path.join(folder, 'notes.txt'), '')
    expect(await store.list()).toEqual({ ok: true, value: ['a', 'b', 'bad'] })
    const all = unwrap(await store.readAll())
    expect(all.trajectories.map((one) => one.id)).toEqual(['a', 'b'])
    expect(all.unreadable).toMatchObject([
      {
        id: 'bad',
        failure: {
          code: 'trajectory.invalid',
          message: expect.stringMatching(/the first line is no JSON object/) as string,
        },
      },
    ])
  })

  it('reads a file cut in the middle of a line up to the cut', async () => {
    const folder = await temporary()
    const store = trajectoryStore(folder)
    const writer = unwrap(await store.open(header('a')))
    await writer.append({ type: 'thread', id: 'main' })
    await writer.append(end)
    await writer.close()
    const file = path.join(folder, 'a.jsonl')
    await truncate(file, (await readFile(file)).length - 5)
    expect(await store.read('a')).toMatchObject({
      ok: true,
      value: { complete: false, cutAt: 3, threads: [{ id: 'main' }] },
    })
  })

  it('gives the digest of the bytes', async () => {
    const folder = await temporary()
    const store = trajectoryStore(folder)
    await unwrap(await store.open(header('a'))).close()
    expect(unwrap(await store.digest('a'))).toBe(digestOf(await readFile(path.join(folder, 'a.jsonl'))))
  })

  it('refuses an id that leaves the folder', async () => {
    const store = trajectoryStore(await temporary())
    expect(await store.open(header('../a'))).toMatchObject({ ok: false, failure: { code: 'id.invalid' } })
    expect(await store.read('../a')).toMatchObject({ ok: false, failure: { code: 'id.invalid' } })
  })

  it('has an empty list where there is no folder', async () => {
    const store = trajectoryStore(path.join(await temporary(), 'none'))
    expect(await store.list()).toEqual({ ok: true, value: [] })
    expect(await store.read('a')).toMatchObject({
      ok: false,
      failure: {
        code: 'file.absent',
        message: 'there is no trajectory called "a"',
        remedy: expect.stringContaining('trajectories list') as string,
      },
    })
  })

  it('reads back any whole trajectory that it wrote', async () => {
    const store = trajectoryStore(await temporary())
    await fc.assert(
      fc.asyncProperty(arbitrary, async (trajectory) => {
        unwrap(await store.write(trajectory))
        expect(await store.read(trajectory.id)).toEqual({ ok: true, value: trajectory })
      }),
      { numRuns: 50 },
    )
  })

  it('digests content whatever the time, and nothing else the same', () => {
    fc.assert(
      fc.property(arbitrary, (one) => {
        const later = { ...one, created: '2030-01-01T00:00:00Z' }
        expect(contentDigest(later)).toBe(contentDigest(one))
        expect(contentDigest({ ...one, outcome: { ...one.outcome, by: `${one.outcome.by}!` } })).not.toBe(
          contentDigest(one),
        )
      }),
      { numRuns: 50 },
    )
  })
})
