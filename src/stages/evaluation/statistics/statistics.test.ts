import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { randomFrom } from '../../../shared/random/index.js'
import { bootstrapInterval, clusteredWilson, unanimousInterval, wilson } from './intervals.js'
import { comparePairs, comparisonWords, exactMcNemar, smallestDetectable, type Pair } from './index.js'

/** Made by oracle/record.py with scipy and statsmodels. */
const Recorded = z.object({
  mcnemar: z.array(z.object({ onlyA: z.number(), onlyB: z.number(), p: z.number(), binomtest: z.number() })),
  wilson: z.array(z.object({ successes: z.number(), n: z.number(), low: z.number(), high: z.number() })),
  bootstrap: z.array(z.object({ name: z.string(), values: z.array(z.number()), low: z.number(), high: z.number() })),
  detectable: z.array(z.object({ n: z.number(), against: z.number(), detectable: z.number() })),
})
const recorded = Recorded.parse(JSON.parse(readFileSync(new URL('oracle/recorded.json', import.meta.url), 'utf8')))

const SIGNED = { low: -1, high: 1 }
const SHARE = { low: 0, high: 1 }
const one = (sum: number): { sum: number; count: number } => ({ sum, count: 1 })

describe('against scipy and statsmodels', () => {
  it.each(recorded.mcnemar)('McNemar, $onlyA against $onlyB', ({ onlyA, onlyB, p, binomtest }) => {
    expect(Math.abs(exactMcNemar(onlyA, onlyB) / p - 1)).toBeLessThan(1e-9)
    expect(Math.abs(exactMcNemar(onlyA, onlyB) / binomtest - 1)).toBeLessThan(1e-9)
  })

  it.each(recorded.wilson)('Wilson, $successes of $n', ({ successes, n, low, high }) => {
    const interval = wilson(successes / n, n)
    expect(interval.low).toBeCloseTo(low, 12)
    expect(interval.high).toBeCloseTo(high, 12)
    const clusters = Array.from({ length: n }, (_, task) => one(task < successes ? 1 : 0))
    expect(clusteredWilson(clusters)).toEqual(interval)
  })

  it.each(recorded.bootstrap)('bootstrap, $name', ({ values, low, high }) => {
    const interval = bootstrapInterval(values.map(one), SIGNED, 0)
    // One step of the mean is 1 / n where values are whole; Monte Carlo error moves a quantile by less than that.
    expect(Math.abs(interval.low - low)).toBeLessThan(1 / values.length)
    expect(Math.abs(interval.high - high)).toBeLessThan(1 / values.length)
  })

  it.each(recorded.detectable)('detectable with $n pairs, $against against', ({ n, against, detectable }) => {
    expect(smallestDetectable({ n, against })).toBeCloseTo(detectable, 5)
  })
})

describe('intervals', () => {
  it('take several trials a task as one voice where they always agree', () => {
    const agreeing = Array.from({ length: 20 }, (_, task) => ({ sum: task < 10 ? 3 : 0, count: 3 }))
    expect(clusteredWilson(agreeing)).toEqual(wilson(0.5, 20))
  })

  it('take several trials a task as many voices where tasks do not differ', () => {
    const alike = Array.from({ length: 20 }, (_, task) => ({ sum: task % 2 === 0 ? 2 : 1, count: 3 }))
    expect(clusteredWilson(alike)).toEqual(wilson(0.5, 60))
  })

  it('count tasks, not trials, where nothing or everything succeeds', () => {
    const all = Array.from({ length: 20 }, () => ({ sum: 3, count: 3 }))
    expect(clusteredWilson(all)).toEqual(wilson(1, 20))
    expect(clusteredWilson(all.map(({ count }) => ({ sum: 0, count })))).toEqual(wilson(0, 20))
    expect(clusteredWilson(all.map(({ count }) => ({ sum: 1, count })))).toEqual(wilson(1 / 3, 60))
  })

  it('do not claim certainty where all tasks agree', () => {
    const { low, high } = bootstrapInterval(
      Array.from({ length: 54 }, () => one(0)),
      SHARE,
      0,
    )
    expect(low).toBe(0)
    expect(high).toBeCloseTo(0.066, 3)
    expect(unanimousInterval(1, 10, SIGNED).high).toBe(1)
    expect(unanimousInterval(1, 10, SIGNED).low).toBeCloseTo(1 - 2 * 0.3085, 3)
  })

  it('cover the true mean about as often as they say', () => {
    const random = randomFrom('coverage')
    let covered = 0
    for (let run = 0; run < 300; run += 1) {
      const clusters = Array.from({ length: 40 }, () => one(random.next() < 0.3 ? 1 : random.next() < 0.2 ? -1 : 0))
      const { low, high } = bootstrapInterval(clusters, SIGNED, run, 800)
      if (low <= 0.16 && 0.16 <= high) covered += 1
    }
    expect(covered / 300).toBeGreaterThan(0.9)
  })
})

describe('comparePairs', () => {
  const pairs = (both: number, onlyA: number, onlyB: number, neither: number): Pair[] => [
    ...Array.from({ length: both }, () => ({ a: 1, b: 1 })),
    ...Array.from({ length: onlyA }, () => ({ a: 1, b: 0 })),
    ...Array.from({ length: onlyB }, () => ({ a: 0, b: 1 })),
    ...Array.from({ length: neither }, () => ({ a: 0, b: 0 })),
  ]

  it('shows nothing between an evaluation and itself', () => {
    const comparison = comparePairs(pairs(20, 0, 0, 34))
    expect(comparison).toMatchObject({ verdict: 'not-shown', difference: 0, p: 1, n: 54, onlyA: 0, onlyB: 0 })
    expect(comparison.low).toBeCloseTo(-0.066, 3)
    expect(comparison.high).toBeCloseTo(0.066, 3)
    expect(comparisonWords(comparison)).toMatch(/^not shown: .*difference of at least 0\.14$/)
  })

  it('calls 0 → 37 of 54 a gain, and the reverse a loss', () => {
    expect(comparePairs(pairs(0, 0, 37, 17))).toMatchObject({ verdict: 'gain', p: expect.closeTo(2 ** -36, 15) })
    const loss = comparePairs(pairs(0, 37, 0, 17))
    expect(loss.verdict).toBe('loss')
    expect(loss.difference).toBeCloseTo(-37 / 54, 12)
  })

  it('needs six pairs: five out of five show nothing', () => {
    expect(comparePairs(pairs(0, 0, 5, 0))).toMatchObject({ verdict: 'not-shown', p: 0.0625, detectable: 1 })
    expect(comparisonWords(comparePairs(pairs(0, 0, 5, 0)))).toContain('at least 6')
    expect(comparePairs(pairs(0, 0, 6, 0)).verdict).toBe('gain')
  })

  it('takes tasks with several trials by the direction in which they moved', () => {
    const moved = [...Array.from({ length: 7 }, () => ({ a: 1 / 3, b: 2 / 3 })), { a: 1, b: 2 / 3 }, { a: 1, b: 1 }]
    expect(comparePairs(moved)).toMatchObject({ onlyA: 1, onlyB: 7, n: 9, p: expect.closeTo(18 / 256, 12) })
  })

  it('is empty-handed, not wrong, without any pair', () => {
    expect(comparePairs([])).toMatchObject({ verdict: 'not-shown', difference: 0, p: 1, low: -1, high: 1, n: 0 })
  })

  it('says gain at most 5 % of the time where there is no effect, and 80 % where it says it would', () => {
    const random = randomFrom('no effect')
    const gains = (shareA: number, shareB: number): number => {
      let gain = 0
      for (let run = 0; run < 2000; run += 1) {
        let [onlyA, onlyB] = [0, 0]
        for (let pair = 0; pair < 54; pair += 1) {
          const draw = random.next()
          if (draw < shareA) onlyA += 1
          else if (draw < shareA + shareB) onlyB += 1
        }
        if (exactMcNemar(onlyA, onlyB) < 0.05 && onlyB > onlyA) gain += 1
      }
      return gain / 2000
    }
    expect(gains(0.2, 0.2)).toBeLessThan(0.05)
    expect(gains(0.05, 0.05)).toBeLessThan(0.05)
    const against = 2 / 54
    const power = gains(against, against + smallestDetectable({ n: 54, against }))
    expect(Math.abs(power - 0.8)).toBeLessThan(0.035)
  })
})
