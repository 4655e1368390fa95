import { describe, expect, it } from 'vitest'
import type { Evaluation, Trial } from '../../../nouns/index.js'
import { compareEvaluations, wordsOf, type FinishedEvaluation } from './index.js'

const RATE = { value: 0, low: 0, high: 1, n: 0 }
const METRICS = { FTFC: RATE, SR: RATE, RC: RATE }

interface Changes {
  readonly evaluation?: Partial<Evaluation>
  readonly parameters?: Record<string, unknown>
  readonly trial?: (trial: Trial) => Trial
}

/** Twenty tasks in two suites, of which the first `solved` pass. */
function evaluated(id: string, solved: number, changes: Changes = {}): FinishedEvaluation {
  const trials = Array.from({ length: 20 }, (_, at): Trial => {
    const passed = at < solved
    return {
      format: 'limi.trial/1',
      task: `t${at}`,
      taskDigest: `digest${at}`,
      subtask: 1,
      trial: 1,
      suite: at % 2 === 0 ? 'values' : 'families',
      max: 1,
      rounds: [{ score: passed ? 1 : 0, max: 1, passed, requirements: [] }],
      cause: null,
      trajectory: null,
      usage: { inputTokens: 0, outputTokens: 0 },
      seconds: 1,
      diff: {},
    }
  })
  return {
    evaluation: {
      format: 'limi.manifest/1',
      kind: 'evaluation',
      id,
      created: '2026-01-01T00:00:00Z',
      made: { inputs: {}, parameters: { trials: 1, sandbox: 'virtual', ...changes.parameters }, versions: {} },
      digest: id,
      benchmark: 'shell',
      agent: 'shell',
      model: id,
      rounds: 3,
      trials: 20,
      tasks: 20,
      suites: {},
      metrics: METRICS,
      infrastructureFaults: 0,
      seconds: 1,
      ...changes.evaluation,
    },
    trials: trials.map(changes.trial ?? ((trial) => trial)),
  }
}

const refusal = (changes: Changes): string => {
  const result = compareEvaluations(evaluated('a', 0), evaluated('b', 0, changes))
  return result.ok ? 'compared' : `${result.failure.code}: ${result.failure.message}`
}

describe('compareEvaluations', () => {
  it('finds a gain by suite and over all tasks, and says so', () => {
    const result = compareEvaluations(evaluated('base', 0), evaluated('curated', 9))
    expect(result).toMatchObject({
      ok: true,
      value: {
        verdict: 'gain',
        suites: {
          values: { verdict: 'not-shown', n: 10, onlyB: 5 },
          families: { verdict: 'not-shown', n: 10, onlyB: 4 },
        },
      },
    })
    if (!result.ok) return
    const words = wordsOf(result.value)
    expect(words[0]).toBe('all tasks: gain (curated against base)')
    expect(words[1]).toMatch(
      /^values: not shown: success rate \+0\.500 .*could have shown a difference of at least 0\.\d\d; at least 5 more tasks/,
    )
  })

  it('finds nothing between an evaluation and itself', () => {
    const result = compareEvaluations(evaluated('a', 7), evaluated('a', 7))
    expect(result).toMatchObject({
      ok: true,
      value: { verdict: 'not-shown', suites: { values: { p: 1, difference: 0 } } },
    })
  })

  it('refuses what is not comparable and says which', () => {
    expect(refusal({ evaluation: { rounds: 1 } })).toContain('rounds 3 and 1')
    expect(refusal({ evaluation: { benchmark: 'other' } })).toContain('benchmark shell and other')
    expect(refusal({ evaluation: { agent: 'tools' } })).toContain('agent shell and tools')
    expect(refusal({ parameters: { sandbox: 'docker' } })).toContain('sandbox "virtual" and "docker"')
    expect(refusal({ trial: (trial) => (trial.task === 't3' ? { ...trial, taskDigest: 'x' } : trial) })).toContain(
      '1 tasks whose content differs (t3)',
    )
    expect(refusal({ trial: (trial) => (trial.task === 't3' ? { ...trial, task: 'new' } : trial) })).toMatch(
      /1 tasks only in the first \(t3\); 1 tasks only in the second \(new\)/,
    )
  })

  it('leaves out, with a line, what was not measured on both sides', () => {
    const lines: string[] = []
    const broken: Changes = {
      trial: (trial) => (trial.task === 't0' ? { ...trial, cause: 'judge', rounds: [] } : trial),
    }
    const result = compareEvaluations(evaluated('a', 0), evaluated('b', 20, broken), {
      onLine: (line) => lines.push(line),
    })
    expect(result).toMatchObject({ ok: true, value: { suites: { values: { n: 9 }, families: { n: 10 } } } })
    expect(lines).toEqual(['values: 1 of 10 trials is left out of the comparison: not measured on both sides'])
  })
})
