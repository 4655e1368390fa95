import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { habitsNamed } from '../../agents/index.js'
import type { DialectName } from '../../wire/index.js'
import { createAssembler } from './index.js'
import { SimulatedAgent, type Chance } from './testing/agent.js'
import { SimulatedSession, together } from './testing/session.js'
import { told, toldOf } from './testing/truth.js'

const DIALECTS: readonly DialectName[] = ['chat-completions', 'responses', 'messages', 'gemini']
const RUNS = Number(process.env['LIMI_TEST_RUNS'] ?? 100)

const chanceOf = (seed: number): Chance => {
  let state = seed
  const below = (limit: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39)
    return ((mixed ^ (mixed >>> 16)) >>> 0) % limit
  }
  return { below, oneIn: (times) => below(times) === 0 }
}

interface Plan {
  readonly dialect: DialectName
  readonly seed: number
  readonly turns: number
  readonly sessions: number
}

export function simulated({ dialect, seed, turns, sessions }: Plan): SimulatedAgent {
  const chance = chanceOf(seed)
  const agent = new SimulatedAgent(dialect, chance)
  const runs = Array.from({ length: sessions }, (_, at) =>
    new SimulatedSession(agent, chance, chance.oneIn(2) ? undefined : `s${at}`).run(turns),
  )
  const all = together(runs, chance)
  while (all.next().done !== true);
  return agent
}

const plans = fc.record({
  dialect: fc.constantFrom(...DIALECTS),
  seed: fc.nat(),
  turns: fc.integer({ min: 1, max: 7 }),
  sessions: fc.constantFrom(1, 1, 1, 2),
})

describe('an agent of any habits', () => {
  test('is told again message for message', { timeout: 30_000 + 10 * RUNS }, () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const agent = simulated(plan)
        const assembler = createAssembler(habitsNamed('other'))
        for (const call of agent.calls) assembler.add(call)
        const { threads, asides } = assembler.assembled()
        expect(toldOf(threads)).toEqual(told(agent.threads))
        expect(asides.map(({ extra }) => (extra?.['recorded'] as { call: string }).call)).toEqual(
          [...agent.asides].sort((a, b) => a - b).map((seq) => `c${seq}`),
        )
      }),
      { numRuns: RUNS },
    )
  })
})
