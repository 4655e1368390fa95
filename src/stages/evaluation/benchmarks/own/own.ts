import { failed, done, type Result } from '../../../../nouns/index.js'
import { isId } from '../../../../shared/project/index.js'
import { randomFrom } from '../../../../shared/random/index.js'
import { grouped } from '../../metrics/index.js'
import { subtasksOf, type Benchmark, type BenchmarkTask, type LeftOut } from '../benchmark.js'

/** What a benchmark of the user's own holds, however it was read. */
export interface OwnTasks {
  readonly name: string
  readonly description: string
  /** In the order that reports show them; that of the tasks where not given. */
  readonly suites?: readonly string[]
  readonly tasks: readonly BenchmarkTask[]
  /** What whoever read it could not take. */
  readonly leftOut?: readonly LeftOut[]
  readonly notes?: readonly string[]
  /** Where it was read, for failures. */
  readonly where: string
}

/**
 * A benchmark of tasks that are all there already. Those that cannot be scored are left out, each by name; `benchmark.empty` where
 * nothing is left, `benchmark.invalid` where two tasks have one name.
 */
export function ownBenchmark({ name, description, suites, tasks, where, notes, ...read }: OwnTasks): Result<Benchmark> {
  const twice = firstTwice(tasks.map(({ id }) => id))
  if (twice !== null) return failed(sameName(twice, where))
  const leftOut = [...(read.leftOut ?? []), ...tasks.flatMap(reasonAgainst)]
  const usable = tasks.filter((task) => reasonAgainst(task).length === 0)
  if (usable.length === 0) return failed(nothingLeft(name, leftOut, where))
  const bySuite = grouped(usable, ({ suite }) => suite)
  const order = (suites ?? [...bySuite.keys()]).filter((suite) => bySuite.has(suite))
  return done({
    name,
    description,
    suites: order,
    sizes: Object.fromEntries(order.map((suite) => [suite, bySuite.get(suite)?.length ?? 0])),
    leftOut,
    ...(notes === undefined ? {} : { notes }),
    tasks: ({ seed, count }) =>
      order.flatMap((suite) => drawn(bySuite.get(suite) ?? [], count[suite] ?? 0, `${name}/${seed}/${suite}`)),
  })
}

/** Some of a suite's tasks, in their order; the tasks of a smaller count are among those of a larger one. */
function drawn(tasks: readonly BenchmarkTask[], count: number, seed: string): readonly BenchmarkTask[] {
  if (count >= tasks.length) return tasks
  const chosen = new Set(randomFrom(seed).shuffle(tasks).slice(0, count))
  return tasks.filter((task) => chosen.has(task))
}

function reasonAgainst(task: BenchmarkTask): LeftOut[] {
  if (!isId(task.suite)) return [{ id: task.id, why: `${JSON.stringify(task.suite)} cannot be the name of a suite` }]
  for (const { scoring } of subtasksOf(task)) {
    if (scoring.kind === 'none') return [{ id: task.id, why: `it cannot be scored: ${scoring.why}` }]
  }
  return []
}

/** Two names that differ in case only are one file on some systems. */
function firstTwice(ids: readonly string[]): string | null {
  const seen = new Set<string>()
  for (const id of ids) {
    if (seen.has(id.toLowerCase())) return id
    seen.add(id.toLowerCase())
  }
  return null
}

const sameName = (id: string, where: string) =>
  ({
    kind: 'input',
    code: 'benchmark.invalid',
    message: `two tasks have the id ${id}`,
    where,
    remedy: 'give each an id of its own, different in more than capital letters',
  }) as const

const nothingLeft = (name: string, leftOut: readonly LeftOut[], where: string) =>
  ({
    kind: 'input',
    code: 'benchmark.empty',
    message: [
      'no task of ' + name + ' can be scored',
      ...leftOut.slice(0, 20).map(({ id, why }) => `${id}: ${why}`),
    ].join('\n  '),
    where,
    remedy: 'give it tasks with checks: docs/evaluation.md shows one',
  }) as const
