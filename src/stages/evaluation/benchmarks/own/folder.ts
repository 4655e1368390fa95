import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import {
  BenchmarkFile,
  done,
  failed,
  isWorkspacePath,
  OwnTaskFile,
  Query,
  type Failure,
  type Result,
} from '../../../../nouns/index.js'
import { diskFailure, isId } from '../../../../shared/project/index.js'
import { readYaml } from '../../../../shared/yaml/index.js'
import type { Benchmark, BenchmarkTask } from '../benchmark.js'
import { filesBeside } from './files.js'
import { ownBenchmark } from './own.js'
import { taskOf, taskOfQuery } from './tasks.js'

const HEAD = 'benchmark.yaml'
const MAX_TASKS = 10_000

const REMEDY = 'correct this place; docs/evaluation.md shows every field of a task'
const kindOf = <Schema extends z.ZodType>(schema: Schema) => ({ schema, code: 'benchmark.invalid', remedy: REMEDY })

const TaskFile = z.discriminatedUnion('format', [OwnTaskFile, Query])
type TaskFile = z.infer<typeof TaskFile>

/**
 * A folder of YAML files, a task each: `limi.task/1` or a query; `benchmark.yaml` may name and describe it. Files of one task lie beside
 * it in folders that no other program reads. Failures: `benchmark.invalid` with file and line, `benchmark.empty`, those of the disk.
 */
export async function readFolder(folder: string): Promise<Result<Benchmark>> {
  const names = await taskFilesIn(folder)
  if (!names.ok) return names
  const head = await readHead(folder, names.value.includes(HEAD))
  if (!head.ok) return head
  const { name, description, licence, suites } = head.value
  const tasks: BenchmarkTask[] = []
  for (const file of names.value) {
    if (file === HEAD) continue
    const task = await readTask(folder, file, { benchmark: name, licence, suites })
    if (!task.ok) return task
    tasks.push(task.value)
  }
  return ownBenchmark({ name, description: description ?? `Tasks in ${name}/.`, suites, tasks, where: folder })
}

async function taskFilesIn(folder: string): Promise<Result<string[]>> {
  try {
    const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => /\.ya?ml$/.test(name))
    const odd = entries.find((entry) => !entry.isFile())
    if (odd !== undefined) return failed(invalid('a task is a plain file, no link', path.join(folder, odd.name)))
    if (entries.length > MAX_TASKS) return failed(invalid(`there are more than ${MAX_TASKS} tasks`, folder))
    return done(entries.map(({ name }) => name).sort())
  } catch (error) {
    return failed(diskFailure(error, folder))
  }
}

async function readHead(folder: string, isThere: boolean): Promise<Result<BenchmarkFile & { name: string }>> {
  const name = path.basename(path.resolve(folder))
  const head = isThere
    ? await readYaml(path.join(folder, HEAD), kindOf(BenchmarkFile))
    : done(BenchmarkFile.parse({}, { jitless: true }))
  return head.ok ? done({ ...head.value, name: head.value.name ?? name }) : head
}

interface Given {
  readonly benchmark: string
  readonly licence?: string
  readonly suites?: readonly string[]
}

async function readTask(folder: string, name: string, given: Given): Promise<Result<BenchmarkTask>> {
  const file = path.join(folder, name)
  const read = await readYaml(file, kindOf(TaskFile))
  if (!read.ok) return read
  const task = await asTask(read.value, folder, file, given)
  if (!task.ok) return task
  const { id, suite } = task.value
  if (!isId(`${id}-999999`)) return failed(invalid(`${JSON.stringify(id)} cannot be the id of a task`, file))
  if (!isId(suite)) return failed(invalid(`${JSON.stringify(suite)} cannot be the name of a suite`, file))
  if (given.suites !== undefined && !given.suites.includes(suite)) {
    return failed(invalid(`suite ${suite} is not among those of ${HEAD}: ${given.suites.join(', ')}`, file))
  }
  return task
}

async function asTask(
  read: TaskFile,
  folder: string,
  file: string,
  { benchmark, licence }: Given,
): Promise<Result<BenchmarkTask>> {
  if (read.format === 'limi.query/1') {
    const outside = Object.keys(read.start.files).find((name) => !isWorkspacePath(name))
    if (outside === undefined) return done(taskOfQuery(read))
    return failed(invalid(`start.files: ${JSON.stringify(outside)} is not a path inside the workspace`, file))
  }
  const files = await filesBeside(folder, read.files, file)
  if (!files.ok) return files
  const id = read.id ?? path.basename(file).replace(/\.ya?ml$/, '')
  const otherwise = { kind: 'none', why: 'it has no checks' } as const
  return done(taskOf(read, { benchmark, id, files: files.value, otherwise, licence }))
}

const invalid = (message: string, where: string): Failure => ({
  kind: 'input',
  code: 'benchmark.invalid',
  message,
  where,
  remedy: REMEDY,
})
