import { stat } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Result } from '../../nouns/index.js'
import { diskFailure } from '../../shared/project/index.js'
import type { ModuleScorers } from '../../shared/scoring/index.js'
import {
  findBenchmark,
  HELDOUT,
  heldoutBenchmark,
  readFolder,
  type Benchmark,
  type LeftOut,
} from '../../stages/evaluation/index.js'
import { queriesOf } from '../queries/project.js'
import type { Run } from '../run.js'

/** A benchmark at work. */
export interface OpenBenchmark {
  readonly benchmark: Benchmark
  /** What scores its tasks, where it is a module. */
  readonly modules?: ModuleScorers
  readonly close: () => Promise<void>
}

/** Whether a benchmark is named by a path: a folder of tasks, or a module. */
const isPath = (reference: string): boolean => /[/\\]|^\.|\.[cm]?[jt]s$/.test(reference)

/** A benchmark named on the command line as limi.yaml would name it: paths are relative to the project. */
export function benchmarkReference(run: Run, named: string): string {
  if (!isPath(named)) return named
  const relative = path.relative(run.project.root, path.resolve(named)).split(path.sep).join('/')
  return relative.startsWith('../') ? relative : `./${relative}`
}

/**
 * The benchmark that a reference means: a name that limi knows, `heldout` for the project's own held-out queries, or the path of a folder
 * of tasks, relative to the project. Failures: `benchmark.unknown`, `benchmark.invalid`, `benchmark.empty`, `file.absent`.
 */
export async function openBenchmark(run: Run, reference: string): Promise<Result<OpenBenchmark>> {
  const found = await find(run, reference)
  return found.ok ? done({ benchmark: found.value, close: () => Promise.resolve() }) : found
}

async function find(run: Run, reference: string): Promise<Result<Benchmark>> {
  if (reference === HELDOUT) return heldoutBenchmark(await queriesOf(run), run.project.paths.queries)
  if (!isPath(reference)) return findBenchmark(reference)
  const place = path.resolve(run.project.root, reference)
  try {
    if ((await stat(place)).isDirectory()) return await readFolder(place)
  } catch (error) {
    return failed(diskFailure(error, place))
  }
  return failed({
    kind: 'input',
    code: 'benchmark.unknown',
    message: `${reference} is no folder of tasks`,
    where: place,
    remedy: 'name a folder of YAML tasks',
  })
}

/** Names every task that is not measured. */
export function sayLeftOut(run: Run, benchmark: string, leftOut: readonly LeftOut[]): void {
  for (const { id, why } of leftOut) run.warn(`task ${id} of ${benchmark} is left out: ${why}`)
}
