import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cause, Score, Trial } from '../../../nouns/index.js'
import { measure, metricsOf } from './index.js'
import { passAt, passHat } from './repeats.js'

/** A score from requirements written as [weight, passed]. */
const score = (...requirements: [number, boolean][]): Score => ({
  score: requirements.reduce((sum, [weight, passed]) => sum + (passed ? weight : 0), 0),
  max: requirements.reduce((sum, [weight]) => sum + weight, 0),
  passed: requirements.every(([, passed]) => passed),
  requirements: requirements.map(([weight, passed], at) => ({ id: `r${at}`, passed, weight, evidence: '' })),
})

const trial = (task: string, rounds: Score[], cause: Cause = null, at = 1): Trial => ({
  format: 'limi.trial/1',
  task,
  taskDigest: task,
  subtask: 1,
  trial: at,
  suite: task.slice(0, 1),
  max: 1,
  rounds,
  cause,
  trajectory: null,
  usage: { inputTokens: 0, outputTokens: 0 },
  seconds: 0,
  diff: {},
})

const no = score([1, false])
const yes = score([1, true])

/**
 * Worked by hand, R = 3:
 *   t1 passes at once                       first turn 1     k = 1   (3−1)/2 = 1
 *   t2 meets 1 of weight 4, then passes     first turn 0.25  k = 2   (3−2)/2 = 0.5
 *   t3 nothing, nothing, passes             first turn 0     k = 3   (3−3)/2 = 0
 *   t4 meets 2 of weight 4, never passes    first turn 0.5
 * FTFC = 1.75 / 4 = 0.4375; SR@3 = 3 / 4; RC@3 = 1.5 / 3 = 0.5; unused rounds = (2 + 1 + 0) / 3 = 1
 */
const WORKED = [
  trial('t1', [score([1, true], [1, true])]),
  trial('t2', [score([1, true], [3, false]), score([1, true], [3, true])]),
  trial('t3', [no, no, yes]),
  trial('t4', [score([2, true], [1, false], [1, false]), no, no]),
]

const subsets = <T>(items: readonly T[], k: number): T[][] =>
  k === 0 ? [[]] : items.flatMap((item, at) => subsets(items.slice(at + 1), k - 1).map((rest) => [item, ...rest]))

/** Metrics that are no share of 1. */
const LARGEST: Record<string, number> = { score: 10, attempts: 3, attemptEfficiency: 100, seconds: 0 }

describe('metrics', () => {
  it('are those of the example worked by hand', () => {
    const metrics = metricsOf(WORKED, 3)
    expect([metrics.FTFC.value, metrics.SR.value, metrics.RC.value]).toEqual([0.4375, 0.75, 0.5])
    expect([metrics.FTFC.n, metrics.SR.n, metrics.RC.n]).toEqual([4, 4, 3])
    expect(measure(WORKED, 3).unusedRounds).toMatchObject({ value: 1, n: 3 })
    // statsmodels: proportion_confint(3, 4, method='wilson')
    expect(metrics.SR.low).toBeCloseTo(0.30064184, 8)
    expect(metrics.SR.high).toBeCloseTo(0.95441274, 8)
  })

  it('are AgencyBench v2’s too, by the same hand', () => {
    const { score: points, attempts, attemptEfficiency, mean, ...rest } = metricsOf(WORKED, 3)
    // Last rounds: 2 of 2, 4 of 4, 1 of 1, 0 of 1; rounds played: 1, 2, 3, 3.
    expect(points?.value).toBe(7.5)
    expect(attempts?.value).toBe(9 / 4)
    expect(attemptEfficiency?.value).toBeCloseTo(75 / (9 / 4), 12)
    expect(mean).toMatchObject({ value: (0.4375 + 0.75 + 0.5) / 3, n: 4 })
    // t4's first round is at half its points, below 60 %.
    expect(['within1@60', 'within2@60', 'within3@60'].map((name) => rest[name]?.value)).toEqual([0.25, 0.5, 0.75])
    // Neither tokens nor a price nor repeated trials: nothing is said of what was not measured.
    expect(Object.keys(rest)).toEqual(['FTFC', 'SR', 'RC', 'within1@60', 'within2@60', 'within3@60', 'seconds'])
  })

  it('say what was used, and the score by it', () => {
    const rows = WORKED.map((row, at) => ({
      ...row,
      usage: { inputTokens: 100_000 * (at + 1), outputTokens: 50_000 },
      seconds: at + 1,
      turns: 2 * at,
      calls: at,
      ...(at < 2 ? { cost: at + 0.5 } : {}),
    }))
    const { tokens, tokenEfficiency, seconds, turns, calls, cost } = metricsOf(rows, 3)
    // 150, 250, 350 and 450 thousand tokens: 300 on average, for 75 % of the points.
    expect([tokens?.value, tokenEfficiency?.value, tokenEfficiency?.n]).toEqual([300_000, 250, 4])
    expect([seconds?.value, turns?.value, calls?.value, cost?.value, cost?.n]).toEqual([2.5, 3, 1.5, 1, 2])
  })

  it('count what repeated trials show: once at least, and every time', () => {
    // Successes of 4 trials: 2, 4, 0. pass@2: 1 − C(2,2)/C(4,2) = 5/6, 1, 0; pass^2: C(2,2)/C(4,2) = 1/6, 1, 0.
    const rows = [2, 4, 0].flatMap((solved, task) =>
      [1, 2, 3, 4].map((at) => trial(`t${task}`, [at <= solved ? yes : no], null, at)),
    )
    const metrics = metricsOf(rows, 1)
    expect(metrics['pass@1']?.value).toBeCloseTo(0.5, 12)
    expect(metrics['pass@2']).toMatchObject({ value: (5 / 6 + 1) / 3, n: 3 })
    expect(metrics['pass^2']?.value).toBeCloseTo((1 / 6 + 1) / 3, 12)
    expect([metrics['pass@4']?.value, metrics['pass^4']?.value]).toEqual([2 / 3, 1 / 3])
    // By enumeration: every way to draw k of n trials.
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 8 }),
        (trials, k) => {
          const draws = subsets(trials, k)
          const share = (hit: (draw: boolean[]) => boolean) => draws.filter(hit).length / draws.length
          const successes = trials.filter(Boolean).length
          if (k > trials.length) expect(passAt(k, successes, trials.length)).toBeNull()
          else {
            expect(passAt(k, successes, trials.length)).toBeCloseTo(
              share((draw) => draw.some(Boolean)),
              12,
            )
            expect(passHat(k, successes, trials.length)).toBeCloseTo(
              share((draw) => draw.every(Boolean)),
              12,
            )
          }
        },
      ),
    )
  })

  it('take a subtask for a unit, and its task for the cluster', () => {
    const sub = (row: Trial, subtask: number): Trial => ({ ...row, subtask })
    const rows = [1, 2].flatMap((at) => [
      trial('a', [yes], null, at),
      sub(trial('a', [at === 1 ? yes : no], null, at), 2),
      trial('b', [no], null, at),
    ])
    const metrics = metricsOf(rows, 1)
    expect(metrics.SR).toMatchObject({ value: 0.5, n: 6 })
    // Subtasks: solved 2 of 2, 1 of 2, 0 of 2.
    expect(metrics['pass@2']).toMatchObject({ value: 2 / 3, n: 3 })
    expect(metrics['pass^2']).toMatchObject({ value: 1 / 3, n: 3 })
  })

  it('leave out what says nothing of the agent, and count its own failures', () => {
    const others: Cause[] = ['infrastructure', 'judge', 'user-simulator']
    const unmeasured = others.map((cause, at) => trial(`u${at}`, [], cause))
    expect(metricsOf([...WORKED, ...unmeasured], 3)).toEqual(metricsOf(WORKED, 3))
    const timedOut = metricsOf([...WORKED, trial('t5', [], 'timeout')], 3)
    expect(timedOut.SR.value).toBe(3 / 5)
    expect(timedOut.FTFC.value).toBe(0.35)
  })

  it('say that nothing is known where nothing was measured', () => {
    const nothing = { value: 0, low: 0, high: 1, n: 0 }
    expect(metricsOf([], 3)).toEqual({ FTFC: nothing, SR: nothing, RC: nothing, mean: nothing })
    expect(metricsOf([trial('t', [no, no, no])], 3).RC).toEqual(nothing)
  })

  it('have no remaining chance to give with one round', () => {
    expect(metricsOf([trial('t', [yes])], 1).RC).toMatchObject({ value: 0, n: 1 })
  })

  it('go by suite, in the order of the trials', () => {
    const { suites } = measure([trial('v1', [yes]), trial('f1', [no]), trial('v2', [no])], 1)
    expect(Object.keys(suites)).toEqual(['v', 'f'])
    expect([suites.v?.SR.value, suites.f?.SR.value]).toEqual([0.5, 0])
  })

  it('lie within their intervals and bounds, whatever the order of trials', () => {
    const rounds = fc.array(fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()), { maxLength: 3 }), {
      maxLength: 3,
    })
    const anyTrials = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), rounds), { maxLength: 20 })
    fc.assert(
      fc.property(anyTrials, (given) => {
        const trials = given.map(([task, played], at) =>
          trial(
            `t${task}`,
            played.map((round) => score(...round)),
            null,
            at,
          ),
        )
        const metrics = metricsOf(trials, 3)
        for (const [name, { value, low, high, n }] of Object.entries(metrics)) {
          expect(Number.isSafeInteger(n)).toBe(true)
          expect(low).toBeGreaterThanOrEqual(0)
          expect(high, name).toBeLessThanOrEqual(name in LARGEST ? (LARGEST[name] ?? 0) : 1)
          expect(low).toBeLessThanOrEqual(value + 1e-12)
          expect(high).toBeGreaterThanOrEqual(value - 1e-12)
        }
        const again = metricsOf([...trials].reverse(), 3)
        for (const name of ['FTFC', 'SR', 'RC'] as const) {
          expect(again[name].low).toBeCloseTo(metrics[name].low, 9)
          expect(again[name].n).toBe(metrics[name].n)
        }
      }),
      { numRuns: 40 },
    )
  })
})
