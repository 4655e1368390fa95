import { describe, expect, it } from 'vitest'
import { randomFrom, type Random } from '../../../shared/random/index.js'
import { predicted } from './more-trials.js'
import { signTest, type Pair } from './pairs.js'
import { signFlipTest } from './permutation.js'
import { planComparison } from './plan.js'

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

/** Box & Muller: not the integral that the code under test takes. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())

const rate = (random: Random, p: number, trials: number): number => {
  let successes = 0
  for (let trial = 0; trial < trials; trial += 1) if (random.next() < p) successes += 1
  return successes / trials
}

interface World {
  readonly tasks: number
  readonly trials: number
  readonly subtasks?: number
  /** How far tasks differ in difficulty, in logits. */
  readonly spread: number
  readonly before: number
  readonly after: number
  /** How far the change itself differs from task to task, in logits. */
  readonly interaction?: number
}

function drawn(random: Random, world: World): Pair[] {
  const { tasks, trials, subtasks = 1, spread, before, after, interaction = 0 } = world
  return Array.from({ length: tasks }, () => {
    const difficulty = spread * normal(random)
    const own = interaction * normal(random)
    const of = (centre: number): number => {
      let sum = 0
      for (let subtask = 0; subtask < subtasks; subtask += 1) {
        sum += rate(random, logistic(centre + difficulty), trials)
      }
      return sum / subtasks
    }
    return { a: of(before), b: of(after + own), trials, subtasks }
  })
}

const share = (runs: number, holds: () => boolean): number => {
  let held = 0
  for (let run = 0; run < runs; run += 1) if (holds()) held += 1
  return held / runs
}

describe('where there is no effect', () => {
  const designs: [string, World][] = [
    ['one trial a task', { tasks: 54, trials: 1, spread: 1.5, before: -0.4, after: -0.4 }],
    ['three trials a task that agree more often than not', { tasks: 40, trials: 3, spread: 3, before: 0, after: 0 }],
    ['three trials of tasks that nearly always fail', { tasks: 100, trials: 3, spread: 1, before: -3, after: -3 }],
    ['eight tasks', { tasks: 8, trials: 1, spread: 1, before: 0, after: 0 }],
    ['eight tasks of five subtasks, two trials', { tasks: 8, trials: 2, subtasks: 5, spread: 1, before: 0, after: 0 }],
    [
      'changes that help some tasks and harm as many',
      { tasks: 60, trials: 3, spread: 2, before: 0, after: 0, interaction: 2 },
    ],
  ]
  it.each(designs)('%s: gain is said at most 5 times in 100, and loss as seldom', (name, world) => {
    const random = randomFrom(name)
    let [gains, losses, graded] = [0, 0, 0]
    for (let run = 0; run < 1500; run += 1) {
      const { verdict, weighted } = signTest(drawn(random, world))
      if (verdict === 'gain') gains += 1
      if (verdict === 'loss') losses += 1
      // By draws it takes long: every tenth run.
      if (run % 10 === 0 && signFlipTest(weighted, run) < 0.05) graded += 1
    }
    expect(gains / 1500).toBeLessThan(0.04)
    expect(losses / 1500).toBeLessThan(0.04)
    // Two-sided: 5 % and three standard errors of 150 runs.
    expect(graded / 150).toBeLessThan(0.104)
  })
})

describe('where there is one', () => {
  it.each([0, 1, 2])('the plan says how many tasks show it, at design %d', (at) => {
    const random = randomFrom(`plan ${at}`)
    const { before, after, spread, baseline, effect, discordant } = measuredWorld()
    const plan = planComparison({ effect, power: 0.8, alpha: 0.05, baseline, discordant })
    const needed = plan.ok ? plan.value.needed[at] : undefined
    const design = { tasks: needed?.tasks ?? 0, trials: needed?.trials ?? 0, spread, before, after }
    expect(design.tasks).toBeGreaterThan(20)
    const shown = share(1200, () => signTest(drawn(random, design)).verdict === 'gain')
    expect(Math.abs(shown - 0.8)).toBeLessThan(0.04)
  })

  it('more trials move tasks as is foretold from three, also where the change differs from task to task', () => {
    const random = randomFrom('more trials')
    const world = { tasks: 6000, trials: 3, spread: 1.5, before: -0.4, after: 0.1, interaction: 1 }
    for (const planned of [6, 12]) {
      const { up, down } = predicted(drawn(random, world), 3)(planned)
      const { onlyA, onlyB } = signTest(drawn(random, { ...world, trials: planned }))
      expect(Math.abs(up - onlyB / 6000)).toBeLessThan(0.04)
      expect(Math.abs(down - onlyA / 6000)).toBeLessThan(0.04)
    }
  })
})

/** A world of logits, with the success rates and the chance that 200,000 of its tasks show. */
function measuredWorld() {
  const random = randomFrom('world')
  const [before, after, spread] = [-0.5, 0.25, 1.5]
  let [sumBefore, sumAfter, differ] = [0, 0, 0]
  for (let task = 0; task < 200_000; task += 1) {
    const z = normal(random)
    const [p, q] = [logistic(before + spread * z), logistic(after + spread * z)]
    sumBefore += p
    sumAfter += q
    differ += 2 * p * (1 - p)
  }
  const [baseline, reached] = [sumBefore / 200_000, sumAfter / 200_000]
  return { before, after, spread, baseline, effect: reached - baseline, discordant: differ / 200_000 }
}
