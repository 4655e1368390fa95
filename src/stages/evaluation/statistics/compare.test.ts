import { describe, expect, it } from 'vitest'
import { Verdict, type Trial } from '../../../nouns/index.js'
import { compareEvaluations, comparisonTable, wordsOf, type FinishedEvaluation } from './index.js'
import { evaluated, type Changes } from './testing/evaluated.js'

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
    expect(words[0]).toBe('all tasks (curated against base): gain')
    expect(words[1]).toMatch(
      /^values: not shown: success rate \+0\.500 .*could have shown a difference of at least 0\.\d\d$/,
    )
  })

  it('says what more it takes where nothing was shown', () => {
    const headline = (b: FinishedEvaluation, a = evaluated('a', 0)): string => {
      const result = compareEvaluations(a, b)
      return result.ok ? (wordsOf(result.value)[0] ?? '') : result.failure.message
    }
    expect(headline(evaluated('b', 0))).toMatch(/^all tasks \(b against a\): not shown: no difference was seen, so/)
    expect(headline(evaluated('b', 5))).toMatch(
      /: not shown: at least \d+ more tasks would show .*; what more trials a task would do cannot be told from these$/,
    )
    /** Tasks with so many of three trials passed. */
    const thrice = (id: string, passed: readonly number[]): FinishedEvaluation => {
      const one = evaluated(id, 0)
      const trials = [1, 2, 3].flatMap((number) =>
        one.trials.map((trial, at) => {
          const rounds = trial.rounds.map((round) => ({ ...round, passed: number <= (passed[at] ?? 1) }))
          return { ...trial, trial: number, rounds }
        }),
      )
      return { ...one, trials }
    }
    // Twelve tasks up by a third, five down: hardly more than chance moves tasks at one in two.
    const [before, after] = [thrice('a', [2, 2, 2, 2, 2]), thrice('b', [1, 1, 1, 1, 1, ...Array<number>(12).fill(2)])]
    expect(headline(after, before)).toMatch(
      /: not shown: at least \d+ more tasks or \d+ more trials a task would show /,
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

  it('names the innermost setting that differs, the prompt and the judge among them; the model and the trials may', () => {
    const limits = { maxTurns: 30, model: 'one' }
    const judge = { model: 'x', repeats: 1 }
    const before = { parameters: { limits, judge } }
    const told = (parameters: Record<string, unknown>): string => {
      const result = compareEvaluations(evaluated('a', 0, before), evaluated('b', 0, { parameters }))
      return result.ok ? 'compared' : result.failure.message
    }
    expect(told({ limits: { ...limits, systemPrompt: 'Be brief.' }, judge })).toMatch(
      /: prompt \(agent\.systemPrompt\) null and "Be brief\."$/,
    )
    expect(told({ limits, judge: { ...judge, repeats: 3 } })).toMatch(/: judge\.repeats 1 and 3$/)
    expect(told({ limits })).toMatch(/: judge .*"x".* and null$/)
    expect(told({ limits: { ...limits, model: 'two' }, judge, trials: 3 })).toBe('compared')
  })

  it('takes the trials that both have, and says so', () => {
    const lines: string[] = []
    const twice = evaluated('b', 20)
    // The second trials all fail: counted on one side only they would halve its rate.
    const again = twice.trials.map((trial) => ({ ...trial, trial: 2, rounds: [] }))
    const result = compareEvaluations(
      evaluated('a', 0),
      { ...twice, trials: [...twice.trials, ...again] },
      { onLine: (line) => lines.push(line) },
    )
    expect(result).toMatchObject({ ok: true, value: { metrics: { SR: { difference: 1, n: 20 } } } })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^the second has 2 trials a task, the other 1: those from trial 2 on are left out/)
  })

  it('pairs subtasks, weighs them alike and takes a task as one voice', () => {
    const passes = (numbers: number[]) => (trial: Trial) => numbers.includes(trial.subtask)
    const withSubtasks = (id: string, passed: (trial: Trial) => boolean): FinishedEvaluation => {
      const one = evaluated(id, 0)
      const rows = one.trials.flatMap((trial, at) =>
        Array.from({ length: at < 10 ? 1 : 3 }, (_, sub) => ({ ...trial, subtask: sub + 1 })),
      )
      const played = rows.map((row) => ({
        ...row,
        rounds: row.rounds.map((round) => ({ ...round, passed: passed(row) })),
      }))
      return { ...one, trials: played }
    }
    const result = compareEvaluations(
      withSubtasks('a', () => false),
      withSubtasks('b', passes([2])),
    )
    // 10 tasks of 1 subtask, 10 of 3: of 40 rows, 10 turn; of 20 tasks, 10 move.
    expect(result).toMatchObject({
      ok: true,
      value: {
        verdict: 'gain',
        metrics: { SR: { difference: 10 / 40, n: 20, onlyA: 0, onlyB: 10, p: expect.closeTo(2 / 2 ** 10, 12) } },
      },
    })
  })

  it('adjusts over the metrics, judges the others by that, and shows what trials took', () => {
    const result = compareEvaluations(
      evaluated('a', 0),
      evaluated('b', 6, { trial: (trial) => ({ ...trial, seconds: 3 }) }),
    )
    if (!result.ok) throw new Error(result.failure.message)
    const { metrics = {}, amounts = {} } = result.value
    // Nothing succeeded before: RC is not defined on both sides. All three p are 2/2⁶, thrice that is not below 0.05.
    expect(Object.keys(metrics)).toEqual(['SR', 'FTFC', 'score'])
    expect(metrics['SR']).toMatchObject({
      verdict: 'gain',
      p: expect.closeTo(2 / 2 ** 6, 12),
      pAdjusted: expect.closeTo(6 / 2 ** 6, 12),
    })
    expect(metrics['FTFC']).toMatchObject({
      verdict: 'not-shown',
      p: expect.closeTo(2 / 2 ** 6, 12),
      pAdjusted: expect.closeTo(6 / 2 ** 6, 12),
      difference: expect.closeTo(0.3, 12),
    })
    expect(metrics['score']?.difference).toBeCloseTo(3, 12)
    expect(amounts['seconds']).toEqual({ a: 1, b: 3, difference: 2, low: 2, high: 2, n: 20 })
    expect(Object.keys(amounts)).toEqual(['seconds'])
    expect(Verdict.parse(JSON.parse(JSON.stringify(result.value)))).toEqual(result.value)
  })

  it.each([0, 1, 3])('stays a verdict in words with %d tasks, and whatever was scored', (tasks) => {
    for (const [max, score] of [
      [0, 0],
      [0, Number.NaN],
      [1, Infinity],
      [1, -1e308],
    ] as const) {
      const odd = (id: string): FinishedEvaluation => {
        const one = evaluated(id, 0)
        const rounds = [{ score: id === 'a' ? 0 : score, max, passed: false, requirements: [] }]
        return { ...one, trials: one.trials.slice(0, tasks).map((trial) => ({ ...trial, rounds })) }
      }
      const result = compareEvaluations(odd('a'), odd('b'))
      if (!result.ok) throw new Error(result.failure.message)
      expect(result.value.verdict).toBe('not-shown')
      expect(Verdict.parse(JSON.parse(JSON.stringify(result.value)))).toEqual(result.value)
      const words = [comparisonTable(result.value), ...wordsOf(result.value)].join(' ')
      expect(words).not.toMatch(/NaN|Infinity|undefined/)
      expect(words).toMatch(tasks === 0 ? /no task was measured/ : /it takes at least 6/)
    }
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
