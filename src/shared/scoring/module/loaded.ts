import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { BenchmarkFile, done, failed, OwnTask, type Result } from '../../../nouns/index.js'
import { digestOf, diskFailure } from '../../project/index.js'
import { notFiniteIn } from './not-finite.js'
import { fault } from './process.js'

/** What a module's benchmark is, its functions aside. */
export const LoadedBenchmark = BenchmarkFile.omit({ format: true }).extend({
  name: BenchmarkFile.shape.name.unwrap(),
  seconds: z.number().positive().max(600).default(30),
  tasks: z.array(OwnTask).min(1).max(10_000),
  /** Whether it has a scorer of its own. */
  scores: z.boolean(),
})
export type LoadedBenchmark = z.infer<typeof LoadedBenchmark>

const LoadReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loaded'), benchmark: z.unknown(), sources: z.array(z.string()).min(1).max(1000) }),
  z.object({ kind: z.literal('threw'), message: z.string() }),
])

export interface Loaded {
  readonly benchmark: LoadedBenchmark
  /** Of the module's own code, packages aside. */
  readonly digest: string
}

/** What a process says of the module that it loaded; `benchmark.invalid` with the field that does not fit. */
export async function loadedFrom(reply: unknown, module: string): Promise<Result<Loaded>> {
  const read = LoadReply.safeParse(reply)
  if (!read.success) return failed(fault('scorer.invalid', 'its answer is none', module))
  if (read.data.kind === 'threw') return failed(invalid(read.data.message, module))
  const wrong = notFiniteIn(read.data.benchmark)
  if (wrong !== null) return failed(invalid(wrong, module))
  const benchmark = LoadedBenchmark.safeParse(read.data.benchmark)
  if (!benchmark.success) {
    const [issue] = benchmark.error.issues
    return failed(invalid(`${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'invalid'}`, module))
  }
  try {
    return done({ benchmark: benchmark.data, digest: await digestOfSources(read.data.sources, path.dirname(module)) })
  } catch (error) {
    return failed(diskFailure(error, module))
  }
}

async function digestOfSources(files: readonly string[], folder: string): Promise<string> {
  const lines = await Promise.all(
    files.map(async (file) => `${path.relative(folder, file)} ${digestOf(await readFile(file))}`),
  )
  return digestOf(lines.sort().join('\n'))
}

const invalid = (message: string, where: string) =>
  ({
    kind: 'input',
    code: 'benchmark.invalid',
    message,
    where,
    remedy: 'correct the module; docs/evaluation.md shows one',
  }) as const
