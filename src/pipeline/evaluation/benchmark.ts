import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'
import { diskFailure } from '../../shared/project/index.js'
import { openModule, type ModuleScorers } from '../../shared/scoring/index.js'
import {
  findBenchmark,
  HELDOUT,
  heldoutBenchmark,
  holdsHarborTasks,
  moduleBenchmark,
  readFolder,
  readHarbor,
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
const isPath = (reference: string): boolean => /[/\\]|^\./.test(reference) || IS_MODULE.test(reference)

const IS_MODULE = /\.[cm]?[jt]s$/

/** A benchmark named on the command line as limi.yaml would name it: paths are relative to the project. */
export function benchmarkReference(run: Run, named: string): string {
  if (!isPath(named)) return named
  const relative = path.relative(run.project.root, path.resolve(named)).split(path.sep).join('/')
  return relative.startsWith('../') ? relative : `./${relative}`
}

/**
 * The benchmark that a reference means: a name that limi knows, `heldout` for the project's own held-out queries, or a path relative to
 * the project, of a folder of tasks (limi's, Harbor's or Terminal-Bench's) or of a module. Failures: `benchmark.unknown`, `benchmark.invalid`, `benchmark.empty`, `file.absent`,
 * and `scorer.*` where a module's process fails.
 */
export async function openBenchmark(run: Run, reference: string): Promise<Result<OpenBenchmark>> {
  if (reference === HELDOUT) return justRead(heldoutBenchmark(await queriesOf(run), run.project.paths.queries))
  if (!isPath(reference)) return justRead(findBenchmark(reference))
  const place = path.resolve(run.project.root, reference)
  try {
    const found = await stat(place)
    if (found.isDirectory()) return justRead(await readTasks(run, place))
    return IS_MODULE.test(place) ? await startModule(await realpath(place)) : failed(neither(reference, place))
  } catch (error) {
    return failed(diskFailure(error, place))
  }
}

async function readTasks(run: Run, folder: string): Promise<Result<Benchmark>> {
  if (!holdsHarborTasks(folder)) return readFolder(folder)
  const read = await readHarbor(folder, run.project.root)
  for (const note of read.ok ? (read.value.notes ?? []) : []) run.warn(note)
  return read
}

const justRead = (found: Result<Benchmark>): Result<OpenBenchmark> =>
  found.ok ? done({ benchmark: found.value, close: () => Promise.resolve() }) : found

async function startModule(file: string): Promise<Result<OpenBenchmark>> {
  const opened = await openModule(file)
  if (!opened.ok) return opened
  const { benchmark: loaded, scoring, scorers, close } = opened.value
  const benchmark = await moduleBenchmark(loaded, scoring, file)
  if (benchmark.ok) return done({ benchmark: benchmark.value, modules: scorers, close })
  await close()
  return benchmark
}

const neither = (reference: string, where: string): Failure => ({
  kind: 'input',
  code: 'benchmark.unknown',
  message: `${reference} is neither a folder of tasks nor a module`,
  where,
  remedy: 'name a folder of YAML tasks, or a .ts, .mts, .js, .mjs or .cjs file that exports a benchmark',
})

/** Names every task that is not measured. */
export function sayLeftOut(run: Run, benchmark: string, leftOut: readonly LeftOut[]): void {
  for (const { id, why } of leftOut) run.warn(`task ${id} of ${benchmark} is left out: ${why}`)
}
