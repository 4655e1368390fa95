import { done, failed, type Result } from '../../../nouns/index.js'
import { nearest } from '../../../shared/project/index.js'
import type { Benchmark } from './benchmark.js'
import { HELDOUT } from './own/index.js'
import { shell } from './shell/index.js'

export { subtasksOf } from './benchmark.js'
export type { Benchmark, BenchmarkTask, Demonstrations, LeftOut } from './benchmark.js'
export { chooseTasks, type TaskChoice } from './choose.js'
export { holdsHarborTasks, readHarbor } from './harbor/index.js'
export { HELDOUT, heldoutBenchmark, moduleBenchmark, readFolder } from './own/index.js'

const benchmarks: readonly Benchmark[] = [shell]

export const benchmarkNames: readonly string[] = benchmarks.map((benchmark) => benchmark.name)

/** A benchmark by its name; `benchmark.unknown` with the nearest one otherwise. */
export function findBenchmark(name: string): Result<Benchmark> {
  const found = benchmarks.find((benchmark) => benchmark.name === name)
  if (found !== undefined) return done(found)
  const meant = nearest(name, [...benchmarkNames, HELDOUT])
  return failed({
    kind: 'input',
    code: 'benchmark.unknown',
    message: `There is no benchmark ${name}.${meant === null ? '' : ` Did you mean ${meant}?`}`,
    remedy: `Known benchmarks: ${benchmarkNames.join(', ')}, ${HELDOUT}; one of your own is named by its path: ./my-bench or ./bench.ts.`,
  })
}
