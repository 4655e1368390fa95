import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { habitsNamed } from '../../agents/index.js'
import type { DialectName } from '../../wire/index.js'
import { createAssembler } from './index.js'
import { simulated } from './testing/simulated.js'
import { told, toldOf } from './testing/truth.js'

const DIALECTS: readonly DialectName[] = ['chat-completions', 'responses', 'messages', 'gemini']
const RUNS = Number(process.env['LIMI_TEST_RUNS'] ?? 100)

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
