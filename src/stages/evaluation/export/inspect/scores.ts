import type { Trial } from '../../../../nouns/index.js'
import { isSolved, measures } from '../../metrics/index.js'

/** The metrics that are scores of single samples, so that Inspect's mean of them is ours; each is absent where it says nothing of a sample. */
const OF_SAMPLES = ['FTFC', 'RC', 'score']

export const SCORERS = ['SR', ...OF_SAMPLES]

/** Inspect's score of one sample. */
export interface LogScore {
  readonly value: number
  readonly answer?: string
  readonly explanation?: string
  readonly history: readonly never[]
}

/**
 * SR tells how every round went, `score` what the scorer saw of each requirement in the last one. Requirements are no scores of their
 * own: every task has others, and the viewer makes a column of each.
 */
export function scoresFor(trial: Trial, rounds: number, answer: string): Readonly<Record<string, LogScore>> {
  const explained: Readonly<Record<string, string>> = {
    FTFC: 'share of the requirements that were met after round 1, by weight',
    RC: `passed in round ${trial.rounds.findIndex(({ passed }) => passed) + 1} of ${rounds}`,
    score: requirementsText(trial),
  }
  const values = measures(rounds)
    .filter(({ name }) => OF_SAMPLES.includes(name))
    .flatMap(({ name, of }) => {
      const ratio = of(trial)
      if (ratio === null) return []
      const explanation = explained[name]
      const value = ratio.sum / ratio.count
      return [[name, { value, ...(explanation === undefined ? {} : { explanation }), history: [] }] as const]
    })
  const solved = { value: isSolved(trial) ? 1 : 0, answer, explanation: roundsText(trial), history: [] }
  return { SR: solved, ...Object.fromEntries(values) }
}

function roundsText({ rounds, cause }: Trial): string {
  const each = rounds.map(
    ({ passed, score, max }, at) => `round ${at + 1}: ${passed ? 'passed' : 'failed'}, ${score} of ${max}`,
  )
  return [...each, ...(cause === null ? [] : [`cause: ${cause}`])].join('\n')
}

function requirementsText({ rounds }: Trial): string {
  const last = rounds.at(-1)
  if (last === undefined) return 'no round was scored'
  const each = last.requirements.map(
    ({ id, passed, weight, evidence }) => `${passed ? '✓' : '✗'} ${id} (weight ${weight}): ${evidence}`,
  )
  return [`${last.score} of ${last.max} points in round ${rounds.length}`, ...each].join('\n')
}
