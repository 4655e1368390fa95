import { lstatSync, readdirSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { failed, type Failure, type Result } from '../../../../nouns/index.js'
import { diskFailure, idFrom, isId } from '../../../../shared/project/index.js'
import { plural } from '../../../../shared/report/index.js'
import type { Benchmark, BenchmarkTask, LeftOut } from '../benchmark.js'
import { ownBenchmark } from '../own/index.js'
import { isHarborTask, readHarborTask } from './harbor-task.js'
import type { Place } from './made.js'
import { textIn } from './plain.js'
import { isTerminalBenchTask, readTerminalBenchTask } from './terminal-bench.js'
import { because, isWhy, type Why } from './why.js'

const MAX_TASKS = 10_000
/** Tasks that are read at the same time. */
const AT_ONCE = 8

/** Whether a folder is a task of Harbor's or Terminal-Bench's, or holds such; tasks of limi's own there come first. */
export function holdsHarborTasks(folder: string): boolean {
  if (isTask(folder)) return true
  const entries = readdirSync(folder, { withFileTypes: true })
  const isOwn = entries.some(
    ({ name }) => name === 'benchmark.yaml' || (/\.ya?ml$/.test(name) && isLimi(path.join(folder, name))),
  )
  return !isOwn && entries.some((entry) => entry.isDirectory() && isTask(path.join(folder, entry.name)))
}

const isTask = (folder: string): boolean => isHarborTask(folder) || isTerminalBenchTask(folder)

function isLimi(file: string): boolean {
  const read = textIn(file)
  return !isWhy(read) && /^["']?format["']?:\s*["']?limi\./m.test(read.text)
}

/**
 * A folder of tasks, a folder each, or one task. What a sandbox here would not measure as it is meant is left out, each with the reason.
 * `root` is the project's folder. Failures: `benchmark.empty`, `benchmark.invalid` (two tasks of one name), those of the disk.
 */
export async function readHarbor(folder: string, root: string): Promise<Result<Benchmark>> {
  const benchmark = nameOf(folder)
  const tasks: BenchmarkTask[] = []
  const leftOut: LeftOut[] = []
  try {
    const isOne = isTask(folder)
    const names = isOne ? ['.'] : foldersIn(folder)
    if (names.length > MAX_TASKS) return failed(tooMany(folder))
    const places = names.map((name) => (isOne ? realpathSync(folder) : path.resolve(folder, name)))
    for (let at = 0; at < places.length; at += AT_ONCE) {
      const some = places.slice(at, at + AT_ONCE)
      const read = await Promise.all(some.map((place) => readTask(place, { root, benchmark })))
      leftOut.push(
        ...read.flatMap((one, index) => (isWhy(one) ? [{ id: path.basename(some[index] ?? ''), why: one.why }] : [])),
      )
      tasks.push(...read.flatMap((one) => (isWhy(one) ? [] : [one])))
    }
  } catch (error) {
    return failed(diskFailure(error, folder))
  }
  if (tasks.length === 0) return failed(nothingLeft(benchmark, leftOut, folder))
  return ownBenchmark({
    ...{ name: benchmark, description: `Tasks in ${benchmark}/.`, tasks, leftOut, where: folder },
    notes: [
      `${benchmark}: ${plural(tasks.length, 'task')} without the network, in the time that limi.yaml gives an agent`,
    ],
  })
}

/** Hidden folders are none of tasks. */
const foldersIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort()

async function readTask(folder: string, place: Place): Promise<BenchmarkTask | Why> {
  const id = nameOf(folder)
  if (lstatSync(folder).isSymbolicLink()) return because('it is a link')
  if (isHarborTask(folder)) return readHarborTask(folder, id, place)
  if (isTerminalBenchTask(folder)) return readTerminalBenchTask(folder, id, place)
  return because('it has neither a task.toml nor a task.yaml with a Dockerfile')
}

const LONGEST_ID = 100

/** A folder's name as an id; blanks and the like become hyphens. */
function nameOf(folder: string): string {
  const name = path.basename(path.resolve(folder))
  const id = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .replace(/\.{2,}/g, '.')
  return isId(`${id}-999999`) && id.length <= LONGEST_ID ? id : idFrom(name, 'task')
}

const tooMany = (where: string): Failure => ({
  kind: 'input',
  code: 'benchmark.invalid',
  message: `there are more than ${MAX_TASKS} tasks`,
  where,
  remedy: 'measure a folder of fewer',
})

const TOLD = 20

const nothingLeft = (name: string, leftOut: readonly LeftOut[], where: string): Failure => ({
  kind: 'input',
  code: 'benchmark.empty',
  message: [
    `no task of ${name} can be measured here`,
    ...leftOut.slice(0, TOLD).map(({ id, why }) => `${id}: ${why}`),
    ...(leftOut.length > TOLD ? [`and ${leftOut.length - TOLD} more`] : []),
  ].join('\n  '),
  where,
  remedy: 'docs/benchmarks.md says what of Harbor and Terminal-Bench is measured, and why the rest is not',
})
