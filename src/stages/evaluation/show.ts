import {
  done,
  Evaluation,
  failed,
  type Judging,
  type Metrics,
  Rate,
  type Result,
  type TaughtOverlap,
  type Trial,
} from '../../nouns/index.js'
import { placeOf, readManifest } from '../../shared/project/index.js'
import { isMeasured, measure, type Measured } from './metrics/index.js'
import { taughtIn } from './taught.js'
import { countFaults, isStopped, isSummaryOf, judgingOf, plannedFiles, readPlan, rowsOf } from './trials/index.js'

/** What `limi eval show --json` prints: a row a subtask. */
export interface ShownEvaluation {
  readonly id: string
  readonly benchmark: string
  readonly agent: string
  readonly model: string
  readonly rounds: number
  /** False where trials are still to be made: the metrics are then of those that are there. */
  readonly finished: boolean
  /** Trials; each has a row a subtask. */
  readonly planned: number
  readonly done: number
  /** True where the trial files are not those that `metrics` and `suites` sum up. */
  readonly edited: boolean
  readonly trials: readonly ShownTrial[]
  readonly metrics: Metrics
  readonly suites: Readonly<Record<string, Metrics>>
  /** RC not normalised: average number of unused rounds where a trial succeeded. */
  readonly unusedRounds: Rate
  /** What judges took in all; null where no model was asked. */
  readonly judging: ShownJudging | null
  /** What the tasks share with what the model was taught; null where it is no checkpoint of limi's, or trials are still to be made. */
  readonly taught: TaughtOverlap | null
  readonly infrastructureFaults: number
  /** Trial files that could not be read; the next run makes them again. */
  readonly damaged: readonly string[]
}

export interface ShownJudging {
  readonly calls: number
  /** Input and output together. */
  readonly tokens: number
  /** Of the judges that have a price; null where none has. */
  readonly cost: number | null
  readonly judges: readonly Judging[]
}

export interface ShownTrial {
  readonly task: string
  /** 1-based; a benchmark without subtasks has one a task. */
  readonly subtask: number
  readonly suite: string
  readonly trial: number
  readonly max: number
  readonly rounds: readonly Pick<Trial['rounds'][number], 'score' | 'max' | 'passed' | 'requirements'>[]
  readonly cause: Trial['cause']
  /** False where the row says nothing of the agent, and counts nowhere. */
  readonly measured: boolean
  readonly trajectory: string | null
  /** Input and output together. */
  readonly tokens: number
  readonly seconds: number
  /** Model calls answered, and actions carried out; null in trials of before they were counted. */
  readonly turns: number | null
  readonly calls: number | null
  /** By the model's price; null where it has none. */
  readonly cost: number | null
  /** What judges took of this row; null where no model was asked. */
  readonly judging: ShownJudging | null
  /** Files changed in the workspace since the subtask began. */
  readonly diff: Trial['diff']
}

/** One evaluation of a project's `evaluations/`, finished or under way. `evaluation.absent` where there is none. */
export async function showEvaluation(folder: string, id: string): Promise<Result<ShownEvaluation>> {
  const place = placeOf(folder, id)
  if (!place.ok) return place
  const finished = await readManifest(place.value, Evaluation)
  const plan = await readPlan(place.value)
  const head = finished ?? plan
  if (head === null) return failed(absent(id, folder))
  const kept = await plannedFiles(place.value)
  if (!kept.ok) return kept
  const { files, invalid } = kept.value
  const trials = rowsOf(files)
  const { benchmark, agent, model, rounds } = head
  return done({
    id,
    benchmark,
    agent,
    model,
    rounds,
    finished: finished !== null,
    planned: plan?.planned ?? files.length,
    done: files.filter(({ subtasks }) => !subtasks.some(isStopped)).length,
    edited: finished !== null && !isSummaryOf(finished, trials, plan ?? { tasks: {} }),
    trials: trials.map(shown),
    ...(recorded(finished) ?? measure(trials, rounds)),
    judging: shownJudging(judgingOf(trials)),
    taught: taughtIn(finished),
    infrastructureFaults: await countFaults(place.value),
    damaged: invalid.map(({ where, message }) => `${where ?? 'a trial'}: ${message}`),
  })
}

/** What the manifest says: computing the intervals again takes as long as all the rest. Null where it says less than is shown. */
function recorded(finished: Evaluation | null): Measured | null {
  const unusedRounds = Rate.safeParse(finished?.['unusedRounds']).data
  return finished === null || unusedRounds === undefined
    ? null
    : { metrics: finished.metrics, suites: finished.suites, unusedRounds }
}

const shown = ({ rounds, usage, ...row }: Trial): ShownTrial => ({
  task: row.task,
  subtask: row.subtask,
  suite: row.suite,
  trial: row.trial,
  max: row.max,
  rounds: rounds.map(({ score, max: of, passed, requirements }) => ({ score, max: of, passed, requirements })),
  cause: row.cause,
  measured: isMeasured(row),
  trajectory: row.trajectory,
  tokens: usage.inputTokens + usage.outputTokens,
  seconds: row.seconds,
  turns: row.turns ?? null,
  calls: row.calls ?? null,
  cost: row.cost ?? null,
  judging: shownJudging(row.judging ?? []),
  diff: row.diff,
})

/** What judges took together. */
export function shownJudging(judges: readonly Judging[]): ShownJudging | null {
  if (judges.length === 0) return null
  const costs = judges.flatMap(({ cost }) => cost ?? [])
  return {
    calls: judges.reduce((sum, { calls }) => sum + calls, 0),
    tokens: judges.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
    cost: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0),
    judges,
  }
}

const absent = (id: string, where: string) =>
  ({
    kind: 'input',
    code: 'evaluation.absent',
    message: `there is no evaluation ${id}`,
    where,
    remedy: '`limi eval list` names those that there are',
  }) as const
