import type { EvaluationReport } from '../evaluation/index.js'

const rate = (value: number, n = 4) => ({ value, low: Math.max(0, value - 0.2), high: Math.min(1, value + 0.2), n })
const requirement = (id: string, passed: boolean) => ({ id, passed, evidence: `saw ${id}` })
const round = (passed: boolean) => ({
  score: passed ? 2 : 1,
  max: 2,
  passed,
  requirements: [requirement('a', true), requirement('b', passed)],
})
const row = { suite: 's', subtask: 1, trial: 1, cause: null, measured: true, seconds: 1 } as const

/** Two tasks, of which the second has two subtasks and fails the first. */
export const evaluationReport: EvaluationReport = {
  id: 'curated',
  benchmark: 'own',
  agent: 'shell',
  model: 'checkpoint:curated',
  rounds: 3,
  planned: 4,
  done: 4,
  warnings: [],
  measured: [
    {
      name: 'All tasks',
      metrics: {
        FTFC: rate(0.5),
        SR: rate(0.75),
        RC: rate(0.5, 3),
        tokens: { value: 1234.5, low: 900, high: 1500, n: 4 },
        'pass^2': rate(0.5),
      },
    },
  ],
  causes: [
    { cause: 'nothing outside the task itself', rows: 3 },
    { cause: 'timeout', rows: 1 },
  ],
  judging: 'judging: 12 calls, 3,400 tokens, cost 0.0123',
  rows: [
    { ...row, task: 't1', rounds: [round(true)], tokens: 10, cost: 0.5, trajectory: 't1-1' },
    { ...row, task: 't1', trial: 2, rounds: [round(false), round(true)], tokens: 20, cost: 0.5, trajectory: 't1-2' },
    {
      ...row,
      task: 't2',
      rounds: [round(false), round(false), round(false)],
      cause: 'timeout',
      tokens: 30,
      seconds: 3,
      cost: 1,
      trajectory: 't2-1',
    },
    { ...row, task: 't2', subtask: 2, rounds: [round(true)], tokens: 30, cost: 1, trajectory: 't2-1.2' },
  ],
}
