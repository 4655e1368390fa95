import type { Evaluation, Trial } from '../../../../nouns/index.js'
import type { FinishedEvaluation } from '../index.js'

const RATE = { value: 0, low: 0, high: 1, n: 0 }
const METRICS = { FTFC: RATE, SR: RATE, RC: RATE }

export interface Changes {
  readonly evaluation?: Partial<Evaluation>
  readonly parameters?: Record<string, unknown>
  readonly trial?: (trial: Trial) => Trial
}

/** Twenty tasks in two suites, of which the first `solved` pass. */
export function evaluated(id: string, solved: number, changes: Changes = {}): FinishedEvaluation {
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
