import { availableParallelism } from 'node:os'
import path from 'node:path'
import { done, failed, unwrap, type Query, type Result, type Score } from '../../../nouns/index.js'
import type { Scorer, ScoringInput } from '../scorer.js'
import { scoreFrom } from './given.js'
import { loadedFrom, type Loaded, type LoadedBenchmark } from './loaded.js'
import { openPool, type Pool } from './pool.js'
import { fault, startProcess, type ModuleProcess } from './process.js'
import type { ScoreRequest } from './protocol.js'
import { filesOf } from './workspace.js'

/** Gives the scorers that live in a benchmark's own module; each call of one runs in a child process with limits. */
export type ModuleScorers = (query: Query) => Result<Scorer>

/** A benchmark's module at work. */
export interface OpenModule {
  readonly benchmark: LoadedBenchmark
  /** Names the module and its code: a task that is scored by it is another one when the code has changed. */
  readonly scoring: Extract<Query['scoring'], { kind: 'module' }>
  readonly scorers: ModuleScorers
  readonly close: () => Promise<void>
}

const LOAD = { seconds: 30, bytes: 64 << 20 }
const SCORE_BYTES = 8 << 20
const MOST_PROCESSES = 4

/**
 * Loads a TypeScript or JavaScript module that exports a `benchmark`, in a process of its own with limits; it never runs in limi's.
 * Failures: `benchmark.invalid` where it does not load or fit, `scorer.*` where its process ends, hangs, prints or takes too much.
 */
export async function openModule(file: string): Promise<Result<OpenModule>> {
  const first = await startLoaded(file)
  // Nothing is under way yet: a module that does not load is wrong input.
  if (!first.ok) return failed({ ...first.failure, kind: 'input' })
  const { process: warm, loaded } = first.value
  const { benchmark, digest } = loaded
  const processes = Math.min(MOST_PROCESSES, availableParallelism())
  const pool = openPool(warm, () => startSame(file, digest), processes)
  const scoring = { kind: 'module', module: `${path.basename(file)}@${digest.slice(0, 16)}`, scorer: 'score' } as const
  return done({
    benchmark,
    scoring,
    scorers: (query) => scorerOf(query, { file, pool, scoring, seconds: benchmark.seconds }),
    close: async () => pool.close(),
  })
}

async function startLoaded(file: string): Promise<Result<{ process: ModuleProcess; loaded: Loaded }>> {
  const started = startProcess(file)
  const reply = await started.ask({ kind: 'load', file }, LOAD)
  const loaded = reply.ok ? await loadedFrom(reply.value, file) : reply
  if (loaded.ok) return done({ process: started, loaded: loaded.value })
  started.end()
  return loaded
}

/** A further process, of the same code as the first. */
async function startSame(file: string, digest: string): Promise<Result<ModuleProcess>> {
  const again = await startLoaded(file)
  if (!again.ok) return again
  if (again.value.loaded.digest === digest) return done(again.value.process)
  again.value.process.end()
  return failed(fault('scorer.changed', 'it was changed while the evaluation ran', file))
}

interface Means {
  readonly file: string
  readonly pool: Pool
  readonly scoring: OpenModule['scoring']
  readonly seconds: number
}

function scorerOf(query: Query, means: Means): Result<Scorer> {
  if (query.scoring.kind === 'module' && query.scoring.module === means.scoring.module)
    return done({ score: async (input) => unwrap(await scoreIn(means, input)) })
  return failed(fault('scorer.changed', `it is not what scores query ${query.id}`, means.file))
}

async function scoreIn({ file, pool, seconds }: Means, input: ScoringInput): Promise<Result<Score>> {
  const files = await filesOf(input.sandbox, file)
  if (!files.ok) return files
  const request: ScoreRequest = { kind: 'score', task: toldOf(input.query), ...files.value, answer: input.answer }
  const reply = await pool.use((process) => process.ask(request, { seconds, bytes: SCORE_BYTES }))
  return reply.ok ? scoreFrom(reply.value, file) : reply
}

/** A query's id is its task's, with the number of the subtask where there are several. */
function toldOf({ id, request, tags, source }: Query): ScoreRequest['task'] {
  const { task = id, subtask = 1, data = {} } = source.kind === 'benchmark' ? source.parameters : {}
  return { id: String(task), subtask: Number(subtask), request, tags, data: data as Record<string, unknown> }
}
