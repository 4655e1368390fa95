import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { nearest } from '../../../shared/project/index.js'
import type { Benchmark, BenchmarkTask, LeftOut } from './benchmark.js'

/** Which tasks of a benchmark are wanted; all that it gives by itself where nothing is said. */
export interface TaskChoice {
  /** Tasks by suite. */
  readonly count?: Readonly<Record<string, number>>
  /** Ids, and patterns in which `*` stands for any characters and `?` for one. */
  readonly names?: readonly string[]
}

export interface ChosenTasks {
  readonly tasks: readonly BenchmarkTask[]
  /** Those that were asked for too and cannot be measured. */
  readonly leftOut: readonly LeftOut[]
}

/** Tasks a suite that an evaluation takes of a benchmark that has any number of them. */
const TASKS_A_SUITE = 30

/** How many tasks of each suite a benchmark gives where nobody says. */
const usualCount = ({ suites, sizes }: Benchmark): Record<string, number> =>
  Object.fromEntries(suites.map((suite) => [suite, sizes?.[suite] ?? TASKS_A_SUITE]))

/**
 * The tasks that were asked for, in the benchmark's order: those of the suites by number and those by name together. A name is looked for
 * among the tasks that the benchmark gives by itself and those asked for by number. Failures: `benchmark.suite`, `benchmark.task` with the
 * nearest of those that there are; `benchmark.few` where a suite has fewer than were asked for.
 */
export function chooseTasks(
  benchmark: Benchmark,
  seed: number,
  { count = {}, names = [] }: TaskChoice,
): Result<ChosenTasks> {
  const wrong = wrongSuite(benchmark, count)
  if (wrong !== null) return failed(wrong)
  const usual = usualCount(benchmark)
  const { leftOut = [] } = benchmark
  if (names.length === 0) {
    return done({ tasks: benchmark.tasks({ seed, count: Object.keys(count).length === 0 ? usual : count }), leftOut })
  }
  const isNamed = ({ id }: { readonly id: string }): boolean => names.some((name) => fits(name, id))
  const most = Object.entries(usual).map(([suite, n]): [string, number] => [suite, Math.max(n, count[suite] ?? 0)])
  const all = benchmark.tasks({ seed, count: Object.fromEntries(most) })
  const unmet = names.find((name) => !all.some(({ id }) => fits(name, id)))
  if (unmet !== undefined) return failed(noTask(benchmark, unmet, all))
  const drawn = new Set(benchmark.tasks({ seed, count }).map(({ id }) => id))
  return done({
    tasks: all.filter((task) => drawn.has(task.id) || isNamed(task)),
    leftOut: leftOut.filter(isNamed),
  })
}

/** Goes back to the last `*` only, so that no pattern takes longer than the product of the two lengths. */
function fits(pattern: string, text: string): boolean {
  let [at, star, resume] = [0, -1, 0]
  for (let index = 0; index < text.length;) {
    if (pattern[at] === '*') {
      star = at
      resume = index
      at += 1
    } else if (pattern[at] === '?' || pattern[at] === text[index]) {
      at += 1
      index += 1
    } else if (star >= 0) {
      resume += 1
      at = star + 1
      index = resume
    } else return false
  }
  return /^\**$/.test(pattern.slice(at))
}

function wrongSuite({ name, suites, sizes }: Benchmark, count: Readonly<Record<string, number>>): Failure | null {
  for (const [suite, wanted] of Object.entries(count)) {
    const has = sizes?.[suite]
    if (!suites.includes(suite)) {
      const message = `the benchmark ${name} has no suite ${suite}${meant(suite, suites)}`
      return { kind: 'input', code: 'benchmark.suite', message, remedy: `its suites are ${suites.join(', ')}` }
    }
    if (has !== undefined && wanted > has) {
      const message = `suite ${suite} of ${name} has ${has} tasks, and ${wanted} are asked for`
      return { kind: 'input', code: 'benchmark.few', message, remedy: `ask for at most ${has}` }
    }
  }
  return null
}

function noTask({ name, leftOut = [] }: Benchmark, wanted: string, all: readonly BenchmarkTask[]): Failure {
  const out = leftOut.find(({ id }) => id === wanted)
  const message = `the benchmark ${name} has no task ${wanted}${meant(
    wanted,
    all.map(({ id }) => id),
  )}`
  if (out === undefined)
    return {
      kind: 'input',
      code: 'benchmark.task',
      message,
      remedy: 'name a task by its id, or several by a pattern as in fix-*',
    }
  return {
    kind: 'input',
    code: 'benchmark.task',
    message: `task ${wanted} is left out: ${out.why}`,
    remedy: 'choose another',
  }
}

function meant(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === null ? '' : `; did you mean ${JSON.stringify(near)}?`
}
