import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trajectory as arbitrary } from '../../../../test/arbitrary-trajectory.js'
import { trajectoryOf } from '../../../../test/support/trajectory.js'
import { describeTrajectory, rowOfTrajectory } from './index.js'

const one = trajectoryOf(
  'pool-a',
  [
    { id: 'm0', role: 'user', origin: 'human', content: 'List \u001b[31mit\u0007' },
    {
      id: 'm1',
      role: 'assistant',
      origin: 'model',
      content: '',
      toolCalls: [{ id: 'c1', name: 'ls', arguments: '{}' }],
    },
    { id: 'm2', role: 'tool', origin: 'tool', content: Array(40).fill('line').join('\n'), toolCallId: 'c1' },
  ],
  { outcome: { status: 'failure', score: 1, max: 3, by: 'checks' }, complete: false, cutAt: 7 },
)

describe('describeTrajectory', () => {
  it('shows roles, origins, calls, folded results, outcome and a cut', () => {
    const text = describeTrajectory(one)
    expect(text).toContain('pool-a  failure (by checks, 1 of 3)')
    expect(text).toContain('[m0] user (human)')
    expect(text).toContain('→ ls {}  (c1)')
    expect(text).toContain('[m2] tool (tool) → c1')
    expect(text).toContain('… 140 more characters')
    expect(text).toContain('cut at line 7')
  })

  it('lets no control character of any content through', () => {
    fc.assert(
      fc.property(arbitrary, (trajectory) => {
        expect(describeTrajectory(trajectory)).not.toMatch(/[^\P{Cc}\n\t]/u)
      }),
      { numRuns: 150 },
    )
    expect(describeTrajectory(one)).toContain('List ␛[31mit␇')
  })

  it('counts in its row what it holds', () => {
    expect(rowOfTrajectory(one)).toMatchObject({ messages: 3, toolCalls: 1, outcome: 'incomplete' })
  })
})
