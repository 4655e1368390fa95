import { expect, test } from 'vitest'
import { done, failed, unwrap, type Score } from '../../../nouns/index.js'
import type { Ask } from './ask.js'
import { playSession, type SessionPlan } from './session.js'

const END = { code: 0, signal: null }
const score = (passed: boolean): Score => ({
  score: passed ? 2 : 1,
  max: 2,
  passed,
  requirements: [{ id: 'hidden', passed, weight: 1, evidence: 'SECRET' }],
  feedback: passed ? undefined : 'The title is missing.',
})

function planned(more: Partial<SessionPlan>, scores: readonly boolean[] = [], lines: readonly string[] = []) {
  const left = { scores: [...scores], lines: [...lines] }
  const seen: string[] = []
  const ask: Ask = async (question) => {
    seen.push(question)
    const line = left.lines.shift()
    return line === undefined ? failed({ kind: 'interrupted', code: 'x', message: 'gone' }) : done(line)
  }
  const played: number[] = []
  const plan: SessionPlan = {
    play: async (round) => {
      played.push(round)
      return done(END)
    },
    ...(scores.length === 0 ? {} : { score: async () => done(score(left.scores.shift() ?? false)) }),
    ...(lines.length === 0 ? {} : { ask }),
    rounds: 3,
    say: (line) => seen.push(line),
    ...more,
  }
  return { plan, played, seen }
}

test('without a query, one round, and the person says how it went', async () => {
  const { plan, played } = planned({}, [], ['success', 'neat'])
  expect(unwrap(await playSession(plan))).toEqual({
    end: END,
    rounds: [],
    outcome: { status: 'success', by: 'person' },
    note: 'neat',
  })
  expect(played).toEqual([1])
})

test('nobody at the terminal is asked nothing', async () => {
  const { plan, seen } = planned({})
  expect(unwrap(await playSession(plan)).outcome).toEqual({ status: 'unknown', by: 'person' })
  expect(seen).toEqual([])
})

test('rounds go on until one passes, and only feedback is shown', async () => {
  const { plan, played, seen } = planned({}, [false, true, false], ['', ''])
  const session = unwrap(await playSession(plan))
  expect(played).toEqual([1, 2])
  expect(session.outcome).toEqual({ status: 'success', score: 2, max: 2, by: 'checks' })
  expect(session.rounds.map(({ passed }) => passed)).toEqual([false, true])
  expect(seen.join('\n')).toContain('The title is missing.')
  expect(seen.join('\n')).not.toContain('SECRET')
})

test('rounds end with the last one, or when the person has enough', async () => {
  expect(planned({}, [false, false, false, true]).plan.rounds).toBe(3)
  const all = planned({}, [false, false, false, true], ['', '', '', ''])
  expect(unwrap(await playSession(all.plan)).rounds).toHaveLength(3)
  const enough = planned({}, [false, true], ['n', ''])
  expect(unwrap(await playSession(enough.plan)).outcome.status).toBe('failure')
  expect(enough.played).toEqual([1])
})

test('what the person said beforehand stands, beside the points', async () => {
  const { plan } = planned({ verdict: 'failure', note: 'n' }, [true])
  expect(unwrap(await playSession(plan))).toMatchObject({
    outcome: { status: 'failure', score: 2, max: 2, by: 'person' },
    note: 'n',
  })
})

test('a score that could not be made is told, and counts as nothing', async () => {
  const broken = async () => failed({ kind: 'input' as const, code: 'record.large', message: 'too large' })
  const { plan, seen } = planned({ score: broken })
  expect(unwrap(await playSession(plan))).toMatchObject({ rounds: [], outcome: { status: 'unknown' } })
  expect(seen).toEqual(['round 1 was not scored: too large (record.large)'])
})
