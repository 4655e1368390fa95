import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, unwrap, type Trajectory } from '../../../../nouns/index.js'
import { importEvaluations } from '../../import/index.js'
import { exportSource, writeInspectLog, type ExportSource } from '../index.js'
import type { InspectExport } from './index.js'
import { conversationIn, evaluateCut, evaluateSeveral } from './testing/several.js'

const python = process.env['LIMI_TEST_INSPECT'] ?? ''
const reason = python === '' ? ' (skipped: LIMI_TEST_INSPECT names no Python with inspect_ai 0.3.285)' : ''

const READ = `
import json, sys
from inspect_ai.log import read_eval_log, read_eval_log_sample, read_eval_log_samples, read_eval_log_sample_summaries
path = sys.argv[1]
header = read_eval_log(path, header_only=True)
log = read_eval_log(path)
def told(s):
    scores = {k: v.as_float() for k, v in (s.scores or {}).items()}
    usage = {m: [u.input_tokens, u.input_tokens_cache_read, u.output_tokens, u.total_cost] for m, u in s.model_usage.items()}
    return {"id": s.id, "epoch": s.epoch, "uuid": s.uuid, "scores": scores, "error": s.error and s.error.message,
      "limit": s.limit and [s.limit.type, s.limit.limit], "roles": [m.role for m in s.messages], "usage": usage,
      "roleUsage": list(s.role_usage), "times": [s.started_at, s.completed_at]}
summaries = read_eval_log_sample_summaries(path)
print(json.dumps({
  "header": {s.name: [s.metrics["mean"].value, s.scored_samples, s.unscored_samples] for s in header.results.scores},
  "scorers": [s.name for s in header.eval.scorers],
  "results": [header.results.total_samples, header.results.completed_samples],
  "usage": {m: [u.input_tokens, u.input_tokens_cache_read, u.output_tokens, u.total_cost] for m, u in header.stats.model_usage.items()},
  "status": header.status,
  "samples": [told(s) for s in log.samples],
  "streamed": len(list(read_eval_log_samples(path, all_samples_required=False))),
  "summaries": [[s.id, s.epoch, s.limit, s.error, sorted(s.scores or {}), sorted(s.metadata)] for s in summaries],
  "byId": [[s.id, s.epoch] for s in [read_eval_log_sample(path, id=i, epoch=e) for i, e in json.loads(sys.argv[2])]],
}))
`

interface ReadSample {
  readonly id: string
  readonly epoch: number
  readonly uuid: string
  readonly scores: Readonly<Record<string, number>>
  readonly error: string | null
  readonly limit: readonly [string, number] | null
  readonly roles: readonly string[]
  readonly usage: Readonly<Record<string, readonly number[]>>
  readonly roleUsage: readonly string[]
  readonly times: readonly string[]
}

interface Read {
  readonly header: Readonly<Record<string, readonly [number, number, number]>>
  readonly scorers: readonly string[]
  readonly results: readonly [number, number]
  readonly usage: Readonly<Record<string, readonly number[]>>
  readonly status: string
  readonly samples: readonly ReadSample[]
  readonly streamed: number
  readonly summaries: readonly [string, number, string | null, string | null, string[], string[]][]
  readonly byId: readonly [string, number][]
}

type As = 'eval' | 'json'
type Conversation = InspectExport['conversationOf']

const root = await mkdtemp(path.join(tmpdir(), 'limi inspect ü-'))
afterAll(() => rm(root, { recursive: true, force: true }))

/** Writes an evaluation of `root` as a log and lets Inspect read it. */
async function readBack(id: string, as: As, conversationOf: Conversation, ids: readonly (readonly [string, number])[]) {
  const source = unwrap(await exportSource(root, id))
  const where = path.join(root, `${id}.${as}`)
  const pieces: Buffer[] = []
  const write = (bytes: string | Uint8Array) => Promise.resolve(done(void pieces.push(Buffer.from(bytes))))
  const lost = unwrap(await writeInspectLog({ source, as, write, where, conversationOf }))
  await writeFile(where, Buffer.concat(pieces))
  const { stdout } = await execa(python, ['-c', READ, where, JSON.stringify(ids)])
  return { read: JSON.parse(stdout) as Read, source, where, lost }
}

/** What Inspect's mean of the samples' scores is; those without the score do not count. */
const meanOf = (samples: readonly ReadSample[], name: string): number => {
  const values = samples.flatMap(({ scores }) => scores[name] ?? [])
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

const metricOf = ({ metrics }: ExportSource, name: string): number => metrics[name]?.value ?? NaN

describe.skipIf(python === '')(`Inspect's own reader${reason}`, () => {
  it.each(['eval', 'json'] as const)(
    'opens an imported log, exported as .%s: header, samples, summaries',
    async (as) => {
      const kept = new Map<string, Trajectory>()
      const log = path.join(import.meta.dirname, '../../import/inspect/fixtures/sums.eval')
      const keep = (_: string, trajectory: Trajectory) => Promise.resolve(done(kept.set(trajectory.id, trajectory)))
      unwrap(await importEvaluations([log], { folder: root, format: 'auto', id: `sums-${as}`, keep }))
      const conversationOf: Conversation = ({ trajectory }) => {
        const messages = kept.get(trajectory ?? '')?.threads[0]?.messages
        return Promise.resolve(done(messages === undefined ? null : { messages, leftOut: [] }))
      }
      const { read, source } = await readBack(`sums-${as}`, as, conversationOf, [['7', 1]])
      expect(read).toMatchObject({ status: 'success', streamed: 9, byId: [['7', 1]] })
      expect(read.summaries).toHaveLength(9)
      expect(read.header['SR']?.[0]).toBe(source.metrics.SR.value)
      expect(read.header['FTFC']?.[0]).toBe(source.metrics.FTFC.value)
      const first = read.samples.find(({ id, epoch }) => id === '7' && epoch === 1)
      expect(first).toMatchObject({ error: null, roles: ['system', 'user', 'assistant', 'tool', 'assistant'] })
      expect(first?.scores['SR']).toBe(0)
      const faulted = read.samples.find(({ id, epoch }) => id === '7' && epoch === 2)
      expect(faulted).toMatchObject({ scores: {}, error: 'not measured: infrastructure' })
    },
    60_000,
  )
})

describe.skipIf(python === '')(`several rounds, subtasks and trials, read by Inspect${reason}`, () => {
  const folder = path.join(root, 'several')
  beforeAll(() => evaluateSeveral(folder), 60_000)

  it.each(['eval', 'json'] as const)(
    'are samples and epochs in .%s, each with its scores',
    async (as) => {
      const ids = [
        ['chain/2', 2],
        ['t4', 1],
      ] as const
      const { read, source, where } = await readBack('several', as, conversationIn(folder), ids)
      const names = ['busy', 'chain/1', 'chain/2', 'chain/3', 'greet', 'nobody', 't0', 't2', 't4']
      const found = read.samples.map(({ id, epoch }) => `${id} ${epoch}`)
      expect(found.sort()).toEqual(names.flatMap((id) => [`${id} 1`, `${id} 2`]))
      expect(new Set(read.samples.map(({ uuid }) => uuid)).size).toBe(18)
      expect(read).toMatchObject({ byId: ids, streamed: 18, results: [18, 16], scorers: ['SR', 'FTFC', 'RC', 'score'] })

      // Worked by hand: t2 met 1 of 4 in round 1, and passed in round 2 of 3.
      const one = (id: string) => read.samples.find((sample) => sample.id === id && sample.epoch === 1)
      expect(one('t2')?.scores).toEqual({ SR: 1, FTFC: 0.25, RC: 0.5, score: 10 })
      expect(one('t4')?.scores).toEqual({ SR: 0, FTFC: 0, score: 0 })
      expect(one('greet')?.scores['score']).toBeCloseTo(20 / 3, 12)
      expect(one('t2')?.roles).toEqual('system user assistant user assistant user assistant user assistant'.split(' '))
      for (const name of read.scorers) {
        expect(read.header[name]?.[0]).toBeCloseTo(metricOf(source, name), 12)
        expect(meanOf(read.samples, name)).toBeCloseTo(metricOf(source, name), 12)
      }
      expect(read.header['RC']?.slice(1)).toEqual([10, 8])

      expect(one('busy')).toMatchObject({ limit: ['token', 3000], error: null })
      expect(one('nobody')).toMatchObject({ scores: {}, limit: null })
      expect(one('nobody')?.error).toMatch(/^not measured: judge: the judge grader gave no verdict/u)
      const [began, ended] = one('t0')?.times ?? []
      expect(Date.parse(ended ?? '')).toBeGreaterThanOrEqual(Date.parse(began ?? ''))

      const summaries = new Map(read.summaries.map(([id, epoch, ...rest]) => [`${id} ${epoch}`, rest]))
      expect(summaries.size).toBe(18)
      expect(summaries.get('busy 1')?.[0]).toBe('token')
      expect(summaries.get('t2 1')?.[2]).toEqual(['FTFC', 'RC', 'SR', 'score'])
      // Of a .json Inspect makes the summaries itself.
      if (as === 'eval') expect(summaries.get('t2 1')?.[3]).not.toContain('rounds')

      const keep = () => Promise.resolve(done(undefined))
      unwrap(await importEvaluations([where], { folder: root, format: 'auto', id: `back-${as}`, keep }))
      const back = unwrap(await exportSource(root, `back-${as}`))
      const { value, n } = source.metrics.SR
      expect(back.metrics.SR).toMatchObject({ value, n })
      // A judge that failed is an error there, and every error a fault of the infrastructure here.
      const causes = source.trials.map(({ cause }) => (cause === 'judge' ? 'infrastructure' : cause))
      expect(back.trials.map(({ cause }) => cause).sort()).toEqual(causes.sort())
    },
    60_000,
  )

  it('say what each model took, the judge apart', async () => {
    const { read, lost } = await readBack('several', 'eval', conversationIn(folder), [])
    expect(lost).toContainEqual({ field: 'what judges were asked and said', places: 4 })
    const greet = read.samples.find(({ id, epoch }) => id === 'greet' && epoch === 1)
    // Two calls of 1,000 in, of which 400 cached, and 100 out; one of the judge of 10 in and 2 out.
    expect(greet?.usage).toEqual({ scripted: [1200, 800, 200, 0.004], grader: [10, null, 2, 0.003] })
    expect(greet?.roleUsage).toEqual(['grader'])
    const total = (model: string, at: number): number =>
      read.samples.reduce((sum, { usage }) => sum + (usage[model]?.[at] ?? 0), 0)
    for (const model of ['scripted', 'grader']) {
      for (const at of [0, 1, 2, 3]) expect(read.usage[model]?.[at] ?? 0).toBeCloseTo(total(model, at), 9)
    }
    // Three attempts of two answers, in two trials, and one verdict in two.
    expect(read.usage['grader']?.[0]).toBe((2 * 6 + 2) * 10)
  }, 60_000)

  it.each(['eval', 'json'] as const)(
    'tell in .%s what a spent budget left undone',
    async (as) => {
      const id = `cut-${as}`
      await evaluateCut(path.join(root, id))
      const { read } = await readBack(id, as, conversationIn(path.join(root, id)), [])
      expect(read).toMatchObject({ status: 'started', results: [4, 0] })
      const error = 'not measured: budget: the budget of 0.005 is spent'
      expect(read.samples).toMatchObject([{ id: 'nobody', epoch: 1, scores: {}, limit: null, error }])
      expect(read.usage['grader']).toEqual([20, null, 4, 0.006])
    },
    60_000,
  )
})
