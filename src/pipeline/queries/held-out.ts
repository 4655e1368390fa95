import { unwrap, type Query } from '../../nouns/index.js'
import {
  benchmarkNames,
  chooseTasks,
  subtasksOf,
  type BenchmarkTask,
  type TaskChoice,
} from '../../stages/evaluation/index.js'
import { openBenchmark } from '../evaluation/benchmark.js'
import type { Run } from '../run.js'
import { queriesOf } from './project.js'

/** Tasks that are held out by the project's plan; without one, those that `limi eval run` takes of each benchmark. */
export async function heldOutTasks(run: Run): Promise<readonly BenchmarkTask[]> {
  const plan = run.project.config.run
  if (plan !== undefined) return tasksOf(run, plan.evaluation.benchmark, plan.seed, { count: plan.evaluation.tasks })
  const tasks = await Promise.all(benchmarkNames.map((name) => tasksOf(run, name, 0, {})))
  return tasks.flat()
}

async function tasksOf(
  run: Run,
  reference: string,
  seed: number,
  choice: TaskChoice,
): Promise<readonly BenchmarkTask[]> {
  const { benchmark, close } = unwrap(await openBenchmark(run, reference))
  try {
    return unwrap(chooseTasks(benchmark, seed, choice)).tasks
  } finally {
    await close()
  }
}

/** Everything that must never be taught: the held-out tasks, and the project's own queries that say `split: heldout`. */
export async function heldOutQueries(run: Run): Promise<readonly Query[]> {
  return withoutDoubles(
    (await queriesOf(run)).filter((query) => query.split === 'heldout'),
    await heldOutTasks(run),
  )
}

/** Queries of the project and of tasks, each once: with the benchmark `heldout` both are the same. */
export function withoutDoubles(own: readonly Query[], tasks: readonly BenchmarkTask[]): readonly Query[] {
  const queries = [...own, ...tasks.flatMap(subtasksOf)]
  return [...new Map(queries.map((query) => [query.id, query])).values()]
}
