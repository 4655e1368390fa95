import { unwrap, type Query } from '../../nouns/index.js'
import { benchmarkNames, findBenchmark, type BenchmarkTask } from '../../stages/evaluation/index.js'
import { queryStore } from '../../stages/queries/index.js'
import type { Run } from '../run.js'

/** Queries of the project; those that cannot be read are warnings. */
export async function queriesOf(run: Run): Promise<readonly Query[]> {
  const { queries, unreadable } = unwrap(await queryStore(run.project.paths.queries).readAll())
  for (const { id, failure } of unreadable)
    run.warn(`query ${id} is left aside: ${failure.message} (${failure.where ?? ''})`)
  return queries
}

/** Tasks a suite that an evaluation takes where nobody says how many. */
export const TASKS_A_SUITE = 30

/** Tasks that are held out by the project's plan; without one, those that `limi eval run` takes of each benchmark. */
export function heldOutTasks(run: Run): readonly BenchmarkTask[] {
  const plan = run.project.config.run
  if (plan !== undefined) {
    const benchmark = unwrap(findBenchmark(plan.evaluation.benchmark))
    return benchmark.tasks({ seed: plan.seed, count: plan.evaluation.tasks })
  }
  return benchmarkNames.flatMap((name) => {
    const benchmark = unwrap(findBenchmark(name))
    const count = Object.fromEntries(benchmark.suites.map((suite) => [suite, TASKS_A_SUITE]))
    return benchmark.tasks({ seed: 0, count })
  })
}

/** Everything that must never be taught: the held-out tasks, and the project's own queries that say `split: heldout`. */
export async function heldOutQueries(run: Run): Promise<readonly Query[]> {
  const own = (await queriesOf(run)).filter((query) => query.split === 'heldout')
  return [...own, ...heldOutTasks(run).map((task) => task.query)]
}
