import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { smallestGraded } from './detectable.js'
import { holm } from './holm.js'
import { signFlipTest } from './permutation.js'
import { signTestPower, tasksNeeded } from './power.js'
import { taskModel } from './task-model.js'

/** Made by oracle/record.py with scipy and statsmodels. */
const Recorded = z.object({
  signFlip: z.array(z.object({ name: z.string(), values: z.array(z.number()), p: z.number(), exact: z.boolean() })),
  holm: z.array(z.object({ p: z.array(z.number()), adjusted: z.array(z.number()) })),
  graded: z.array(z.object({ n: z.number(), sd: z.number(), detectable: z.number() })),
  model: z.array(
    z.object({
      baseline: z.number(),
      discordant: z.number(),
      difference: z.number(),
      trials: z.number(),
      up: z.number(),
      down: z.number(),
    }),
  ),
  needed: z.array(z.object({ up: z.number(), down: z.number(), crossings: z.array(z.number()) })),
})
const recorded = Recorded.parse(JSON.parse(readFileSync(new URL('oracle/recorded.json', import.meta.url), 'utf8')))

describe('against scipy and statsmodels', () => {
  it.each(recorded.signFlip)('sign-flip permutation, $name', ({ values, p, exact }) => {
    const found = signFlipTest(values)
    if (exact) expect(found).toBeCloseTo(p, 12)
    // 9,999 draws against 200,000: three standard errors.
    else expect(Math.abs(found - p)).toBeLessThan(3 * Math.sqrt((p * (1 - p)) / 9999))
  })

  it.each(recorded.holm)('Holm, $p', ({ p, adjusted }) => {
    for (const [at, one] of holm(p).entries()) expect(one).toBeCloseTo(adjusted[at] ?? -1, 12)
  })

  it.each(recorded.graded)('detectable mean of $n tasks: within 2 % of the t test', ({ n, sd, detectable }) => {
    const size = sd * Math.sqrt((n - 1) / n)
    const differences = Array.from({ length: n }, (_, at) => (at % 2 === 0 ? size : -size))
    expect(Math.abs(smallestGraded(differences) / detectable - 1)).toBeLessThan(0.02)
  })

  it.each(recorded.model)(
    'how tasks move: baseline $baseline, $discordant differ by chance, +$difference, $trials trials',
    ({ baseline, discordant, difference, trials, up, down }) => {
      const shares = taskModel({ baseline, discordant }).shares(difference, trials)
      expect(shares.up).toBeCloseTo(up, 4)
      expect(shares.down).toBeCloseTo(down, 4)
    },
  )

  it.each(recorded.needed)('tasks needed where $up move up and $down down', ({ up, down, crossings }) => {
    expect(crossings).toContain(tasksNeeded({ up, down }))
  })
})

describe('power', () => {
  it('is that of a coin where there is no effect, and says where no number of tasks would do', () => {
    expect(signTestPower(200, { up: 0.2, down: 0.2 })).toBeLessThan(0.025)
    expect(tasksNeeded({ up: 0.2, down: 0.2 })).toBeNull()
    expect(tasksNeeded({ up: 0.1, down: 0.2 })).toBeNull()
    expect(tasksNeeded({ up: 0.201, down: 0.2 })).toBeNull()
    expect(tasksNeeded({ up: 1, down: 0 })).toBe(6)
  })

  it('needs no more trials where tasks always end alike', () => {
    const model = taskModel({ baseline: 0.4, discordant: 0 })
    for (const trials of [1, 5]) {
      const { up, down } = model.shares(0.1, trials)
      expect(up - down).toBeCloseTo(0.1, trials === 1 ? 6 : 1)
      expect(down).toBeLessThan(0.005)
    }
  })

  it.each([0, 1])('stays a number at a baseline of %d', (baseline) => {
    const { up, down } = taskModel({ baseline, discordant: 0 }).shares(0.2, 3)
    for (const share of [up, down]) expect(share).toBeGreaterThanOrEqual(0)
    if (baseline === 1) expect([up, down]).toEqual([0, 0])
  })
})
