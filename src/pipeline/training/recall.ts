import path from 'node:path'
import { done, Evaluation, failed, type Checkpoint, type Failure, type Result } from '../../nouns/index.js'
import { moveAside, placeOf, readManifest } from '../../shared/project/index.js'
import { benchmarkNames, type FinishedEvaluation, type TaskChoice } from '../../stages/evaluation/index.js'
import { agentOf } from '../agents.js'
import { openBenchmark } from '../evaluation/benchmark.js'
import { compareProject, finishedEvaluation, type Compared } from '../evaluation/compare.js'
import { evaluateProject } from '../evaluation/steps.js'
import type { Made, Run } from '../run.js'

/** An evaluation of which benchmark and agent are still there, so that it can be made again with another model. */
export async function repeatable(run: Run, id: string): Promise<Result<FinishedEvaluation>> {
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
export async function recallOf(
  run: Run,
  { evaluation, trials }: FinishedEvaluation,
  { id: name, digest }: Checkpoint,
): Promise<Result<Made<Compared>>> {
  const { id: base, benchmark, agent, rounds, made } = evaluation
  const id = `${base}-after-${name}`.slice(0, 120)
  const seed = Number(made.parameters['seed'])
  const place = placeOf(run.project.paths.evaluations, id)
  if (!place.ok) return place
  await makeRoom(run, place.value, digest)
  const again = await evaluateProject(run, {
    ...{ benchmark, agent, rounds, id, seed, tasks: tasksOf(benchmark, trials) },
    model: `checkpoint:${name}`,
    trials: trials.reduce((most, { trial }) => Math.max(most, trial), 1),
    concurrency: 16,
  })
  if (!again.ok) return again
  const compared = await compareProject(run, base, id, 0)
  return compared.ok ? done({ value: compared.value, kept: again.value.kept }) : compared
}

/** What an earlier run of this name was checked with is kept under another one. */
async function makeRoom(run: Run, folder: string, checkpoint: string): Promise<void> {
  const before = await readManifest(folder, Evaluation)
  const inputs = Object.values(before?.made.inputs ?? {}).flat()
  if (before === null || inputs.some(({ digest }) => digest === checkpoint)) return
  const kept = path.basename(await moveAside(folder))
  run.warn(`evaluation ${before.id} was of other weights: it is kept as ${kept}`)
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
