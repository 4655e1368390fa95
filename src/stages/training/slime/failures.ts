import type { Failure } from '../../../nouns/index.js'
import { explain } from '../../../shared/python/index.js'
import type { JobKind } from './jobs.js'
import type { JobInfo } from './ray/index.js'

export interface EndedJob {
  readonly id: string
  readonly kind: JobKind
  readonly info: JobInfo
  /** The last lines of its log. */
  readonly tail: string
  /** File that holds the log. */
  readonly log: string
}

const MEMORY = /OutOfMemoryError|CUDA out of memory|CUBLAS_STATUS_ALLOC_FAILED/i
const HOST_MEMORY = /OutOfMemory error|node running low on memory|killed by the (?:memory monitor|OOM killer)/i
const NOT_FINITE = /found (?:NaN|Inf) in|Unexpected result nan|nan in local grad norm/i
const ABSENT = /No such file or directory|does not exist or is an empty directory|FileNotFoundError/
const PARTS = /ModuleNotFoundError|ImportError/

const RESUMES = 'running the same command again goes on from the last checkpoint'

/** Why a job did not succeed, by what it printed last. */
export function jobFailed({ id, kind, info, tail, log }: EndedJob): Failure {
  const said = `${tail}\n${info.message ?? ''}`
  const message = `the Ray job ${id} ended as ${info.status}: ${tail.trim() || (info.message ?? 'it said nothing')}`
  const failure = (code: string, remedy: string): Failure => ({ kind: 'underway', code, message, where: log, remedy })
  if (info.status === 'STOPPED') return failure('training.stopped', `somebody stopped it; ${RESUMES}`)
  if (MEMORY.test(said)) {
    const remedy = `lower the layout's tokens, or spread the model over more GPUs (context, pipeline); ${RESUMES}`
    return failure('training.out-of-memory', remedy)
  }
  if (HOST_MEMORY.test(said)) {
    return failure('training.out-of-memory', `the nodes' main memory ran out: use more nodes; ${RESUMES}`)
  }
  if (NOT_FINITE.test(said)) return notFinite(id, log)
  const meaning = explain(message, said, log)
  if (meaning.code === 'disk.full') return { ...meaning, remedy: `free space on the shared storage; ${RESUMES}` }
  if (PARTS.test(said)) return failure('training.failed', "check slime's and Megatron's checkouts on the nodes")
  if (ABSENT.test(said)) return failure('training.failed', 'check that every path in settings.sh is there on all nodes')
  const name = kind === 'train' ? RESUMES : 'running the same command again converts the checkpoint anew'
  return failure('training.failed', `read ${log}; ${name}`)
}

export const notFinite = (id: string, where: string): Failure => ({
  kind: 'underway',
  code: 'training.not-finite',
  message: `the loss or its gradient is no number any more: the Ray job ${id} was ended`,
  where,
  remedy: 'lower learningRate in the recipe (a third of it is a good try), or raise warmup',
})

export const stalled = (id: string, minutes: number, where: string): Failure => ({
  kind: 'underway',
  code: 'training.stalled',
  message: `the Ray job ${id} printed nothing for ${String(minutes)} minutes, and was stopped`,
  where,
  remedy: `look for a node or a network link that hangs; ${RESUMES}`,
})

export const jobLost = (id: string, where: string): Failure => ({
  kind: 'underway',
  code: 'training.job-lost',
  message: `the Ray cluster does not know the job ${id} any more: it was started anew, or the job was deleted`,
  where,
  remedy: RESUMES,
})

export const resultElsewhere = (where: string, there: string): Failure => ({
  kind: 'missing',
  code: 'slime.result-not-here',
  message: `the model is trained and lies on the cluster in ${there}, which this machine does not see`,
  where,
  remedy:
    'mount the shared folder and name it with `sharedHere`, or copy the model to where it is looked for; then run the same command again',
})
