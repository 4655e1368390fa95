import { done, failed, type Checkpoint, type Failure, type Result } from '../../nouns/index.js'
import { placeOf } from '../../shared/project/index.js'
import { benchmarkNames, type FinishedEvaluation, type TaskChoice } from '../../stages/evaluation/index.js'
import { readBegun } from '../../stages/training/index.js'
import { agentOf } from '../agents.js'
import type { Made, Run } from '../run.js'
import { openBenchmark } from '../evaluation/benchmark.js'
import { compareProject, evaluateProject, finishedEvaluation, type Compared } from '../evaluation/steps.js'
import { resumeProject, trainProject, type TrainRequest } from './project.js'

export interface TrainedAndRecalled {
  readonly made: Made<Checkpoint>
  /** What the checkpoint lost or gained on an evaluation of the base; absent where none was named. */
  readonly recall?: Compared
}

/** {@link trainProject}, and then the forgetting check on the evaluation that was named, which is looked for before anything is trained. */
export async function trainAndRecall(run: Run, request: TrainRequest): Promise<Result<TrainedAndRecalled>> {
  const before = request.forgetting === undefined ? done(null) : await repeatable(run, request.forgetting)
  return before.ok ? recalled(run, await trainProject(run, request), before.value) : before
}

/** {@link resumeProject}, and the forgetting check that the run was begun with; where that can no longer be made, a warning. */
export async function resumeAndRecall(run: Run, name: string): Promise<Result<TrainedAndRecalled>> {
  const evaluation = await forgettingOf(run, name)
  const before = evaluation === undefined ? done(null) : await repeatable(run, evaluation)
  if (!before.ok) run.warn(`${name}: the forgetting check is left out: ${before.failure.message}`)
  return recalled(run, await resumeProject(run, name), before.ok ? before.value : null)
}

async function forgettingOf(run: Run, name: string): Promise<string | undefined> {
  const folder = placeOf(run.project.paths.training, name)
  const begun = folder.ok ? await readBegun(folder.value) : folder
  return begun.ok ? begun.value.forgetting : undefined
}

async function recalled(
  run: Run,
  made: Result<Made<Checkpoint>>,
  before: FinishedEvaluation | null,
): Promise<Result<TrainedAndRecalled>> {
  if (!made.ok) return made
  if (before === null) return done({ made: made.value })
  const recall = await recallOf(run, before, made.value.value.id)
  return recall.ok ? done({ made: made.value, recall: recall.value }) : recall
}

/** An evaluation of which benchmark and agent are still there, so that it can be made again with another model. */
async function repeatable(run: Run, id: string): Promise<Result<FinishedEvaluation>> {
  const found = await finishedEvaluation(run, id)
  if (!found.ok) return found
  const { evaluation } = found.value
  const agent = agentOf(run, evaluation.agent)
  if (!agent.ok) return agent
  const benchmark = await openBenchmark(run, evaluation.benchmark)
  if (!benchmark.ok) return benchmark
  await benchmark.value.close()
  return Number.isSafeInteger(evaluation.made.parameters['seed']) ? found : failed(noSeed(id))
}

/** The same tasks, rounds and trials with the checkpoint, and what the two show. */
async function recallOf(run: Run, { evaluation, trials }: FinishedEvaluation, name: string): Promise<Result<Compared>> {
  const { id: base, benchmark, agent, rounds, made } = evaluation
  const id = `${base}-after-${name}`.slice(0, 120)
  const seed = Number(made.parameters['seed'])
  const again = await evaluateProject(run, {
    ...{ benchmark, agent, rounds, id, seed, tasks: tasksOf(benchmark, trials) },
    model: `checkpoint:${name}`,
    trials: trials.reduce((most, { trial }) => Math.max(most, trial), 1),
    concurrency: 16,
  })
  return again.ok ? compareProject(run, base, id, 0) : again
}

/** The same tasks again: by name where the benchmark is the user's own, by number where a seed draws them. */
function tasksOf(benchmark: string, trials: FinishedEvaluation['trials']): TaskChoice {
  if (!benchmarkNames.includes(benchmark)) return { names: [...new Set(trials.map(({ task }) => task))] }
  const bySuite: Record<string, Set<string>> = {}
  for (const { suite, task } of trials) (bySuite[suite] ??= new Set()).add(task)
  return { count: Object.fromEntries(Object.entries(bySuite).map(([suite, tasks]) => [suite, tasks.size])) }
}

const noSeed = (id: string): Failure => ({
  kind: 'input',
  code: 'evaluation.not-repeatable',
  message: `evaluation ${id} does not say from which seed its tasks were drawn, so they cannot be drawn again`,
  where: `evaluations/${id}`,
  remedy: 'name one that `limi eval run` made',
})
