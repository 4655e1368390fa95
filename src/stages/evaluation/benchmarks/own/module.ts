import path from 'node:path'
import { failed, type Failure, type Query, type Result } from '../../../../nouns/index.js'
import type { LoadedBenchmark } from '../../../../shared/scoring/index.js'
import type { Benchmark, BenchmarkTask } from '../benchmark.js'
import { filesBeside } from './files.js'
import { ownBenchmark } from './own.js'
import { taskOf } from './tasks.js'

/** A module's benchmark, as its process described it; `scoring` is what its own scorer is called in a query. */
export async function moduleBenchmark(
  loaded: LoadedBenchmark,
  scoring: Query['scoring'],
  file: string,
): Promise<Result<Benchmark>> {
  const { name: benchmark, description, suites, licence, scores } = loaded
  const otherwise = scores ? scoring : NO_SCORER
  const tasks: BenchmarkTask[] = []
  for (const task of loaded.tasks) {
    if (task.id === undefined) return failed(invalid(`a task has no id: ${task.request ?? 'with subtasks'}`, file))
    const files = await filesBeside(path.dirname(file), task.files, file)
    if (!files.ok) return files
    const made = taskOf(task, { benchmark, id: task.id, files: files.value, otherwise, licence })
    if (suites !== undefined && !suites.includes(made.suite))
      return failed(
        invalid(`suite ${made.suite} of task ${made.id} is not among its suites: ${suites.join(', ')}`, file),
      )
    tasks.push(made)
  }
  const words = description ?? `Tasks of ${path.basename(file)}.`
  return ownBenchmark({ name: benchmark, description: words, suites, tasks, where: file })
}

const NO_SCORER = { kind: 'none', why: 'it has no checks, and the benchmark has no `score`' } as const

const invalid = (message: string, where: string): Failure => ({
  kind: 'input',
  code: 'benchmark.invalid',
  message,
  where,
  remedy: 'correct the module; docs/evaluation.md shows one',
})
