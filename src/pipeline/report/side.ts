import path from 'node:path'
import { unwrap, type Evaluation, type Trajectory, type Trial } from '../../nouns/index.js'
import type { Side, SideBySide } from '../../shared/report/index.js'
import { readTrials } from '../../stages/evaluation/index.js'
import { trajectoryStore } from '../../stages/trajectories/index.js'
import type { Finished } from '../stages.js'
import type { Run } from '../run.js'
import { BASE_ARM } from '../evaluation/arms.js'

/** One task as base and tuned model went about it: the first that only the tuned one solved, else the first of all. */
export async function sideBySide(run: Run, made: Finished, arm: string): Promise<SideBySide | undefined> {
  const before = made.evaluation[BASE_ARM]
  const after = made.evaluation[arm]
  if (before === undefined || after === undefined) return undefined
  const [left, right] = [await trialsOf(run, before), await trialsOf(run, after)]
  const rightByRow = new Map(right.map((trial) => [rowOf(trial), trial]))
  const pairs = left.flatMap((trial) => {
    const other = rightByRow.get(rowOf(trial))
    return other === undefined ? [] : [{ trial, other }]
  })
  const pair = pairs.find(({ trial, other }) => !solved(trial) && solved(other)) ?? pairs[0]
  if (pair === undefined) return undefined
  const task = made.queries.heldOut.find((one) => one.id === pair.trial.task)
  return {
    task: pair.trial.task,
    suite: pair.trial.suite,
    family: task?.query.tags['family'],
    request: task?.query.request ?? pair.trial.task,
    before: await sideOf(run, before, pair.trial),
    after: await sideOf(run, after, pair.other),
  }
}

const rowOf = ({ task, subtask, trial }: Trial): string => JSON.stringify([task, subtask, trial])

const solved = (trial: Trial): boolean => trial.rounds.some((round) => round.passed)

const trialsOf = async (run: Run, evaluation: Evaluation): Promise<readonly Trial[]> =>
  unwrap(await readTrials(path.join(run.project.paths.evaluations, evaluation.id)))

async function sideOf(run: Run, evaluation: Evaluation, trial: Trial): Promise<Side> {
  const store = trajectoryStore(path.join(run.project.paths.evaluations, evaluation.id, 'trajectories'))
  const trajectory = trial.trajectory === null ? null : unwrap(await store.read(trial.trajectory))
  const rounds = trial.rounds.map((score, index) => ({
    round: index + 1,
    passed: score.passed,
    messages: trajectory === null ? [] : messagesOf(trajectory, index + 1),
  }))
  return { arm: evaluation.id, passed: solved(trial), rounds }
}

function messagesOf(trajectory: Trajectory, round: number): Side['rounds'][number]['messages'] {
  const messages = trajectory.threads[0]?.messages ?? []
  return messages
    .filter((message) => message.role !== 'system' && (message.round ?? 1) === round)
    .map(({ role, origin, content }) => ({
      role,
      origin,
      content: typeof content === 'string' ? content : JSON.stringify(content),
    }))
}
