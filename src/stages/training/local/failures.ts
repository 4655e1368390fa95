import type { Failure, Recipe } from '../../../nouns/index.js'
import { explain, formatBytes, interrupted } from '../../../shared/python/index.js'
import type { EngineEnd } from './process.js'

/** How an engine said that it ended. */
export type SaidEnd =
  | { readonly how: 'interrupted'; readonly step: number }
  | { readonly how: 'not-finite'; readonly message: string; readonly step: number | null }
  | { readonly how: 'failed'; readonly message: string }

export interface Outcome extends EngineEnd {
  /** Null where it said nothing of it. */
  readonly said: SaidEnd | null
  /** The most memory that its process was seen to hold. */
  readonly peakBytes?: number | undefined
  readonly recipe: Recipe
  /** The last lines of the log. */
  readonly tail: string
  readonly log: string
  /** What mends its Python environment where a package of it does not load. */
  readonly mend: string
}

const OUT_OF_MEMORY =
  /OutOfMemoryError|out of memory|CUBLAS_STATUS_ALLOC_FAILED|DefaultCPUAllocator: .*memory|MemoryError|Cannot allocate memory/i

/** Why an engine on this machine did not end with a model, with what to do about it. */
export function failureOf(outcome: Outcome): Failure {
  const { ended, said, tail, log } = outcome
  if (said?.how === 'interrupted') return interrupted(`training was stopped after step ${said.step}, which is saved`)
  if (outcome.wasAborted) return interrupted('training was stopped')
  if (outcome.stalledMs !== null) return stalled(outcome.stalledMs, log)
  if (said?.how === 'not-finite') return notFinite(said.message, said.step, log)
  if (ended.signal !== null) return killed(ended.signal, outcome)
  const message = said?.message ?? (tail || (ended.error?.message ?? `it ended with ${String(ended.code)}`))
  if (OUT_OF_MEMORY.test(message)) return outOfMemory(message, outcome)
  if (/ModuleNotFoundError|ImportError/.test(message)) return broken(message, outcome)
  const meaning = explain(message, message, log)
  if (meaning.code !== 'process.failed') return meaning
  return { ...meaning, code: 'training.failed', remedy: `read ${log}; running the same command again resumes` }
}

const notFinite = (message: string, step: number | null, where: string): Failure => ({
  kind: 'underway',
  code: 'training.not-finite',
  message: `${message} at step ${String(step)}: the weights are lost`,
  where,
  remedy: 'lower learningRate in the recipe (a third of it is a good try), or raise warmup',
})

const stalled = (silentMs: number, where: string): Failure => ({
  kind: 'underway',
  code: 'training.stalled',
  message: `the training process said nothing for ${String(Math.round(silentMs / 1000))} s and was ended`,
  where,
  remedy:
    'running the same command again resumes from the last checkpoint; where it stalls again, see what else uses the machine or its disk, or set a smaller microBatch in the recipe',
})

const killed = (signal: string, outcome: Outcome): Failure => ({
  kind: 'underway',
  code: 'training.killed',
  message: `the training process was ended from outside (${signal})${peak(outcome)}`,
  where: outcome.log,
  remedy: `if memory ran out, ${lessMemory(outcome.recipe)}; running the same command again resumes from the last checkpoint`,
})

const peak = ({ peakBytes }: Outcome): string =>
  peakBytes === undefined ? '' : `; it had held ${formatBytes(peakBytes)} of memory at most`

const outOfMemory = (message: string, outcome: Outcome): Failure => ({
  kind: 'underway',
  code: 'training.out-of-memory',
  message: `memory ran out: ${message}`,
  where: outcome.log,
  remedy: `${lessMemory(outcome.recipe)}, then run it again; a recipe that changed starts anew`,
})

/** The next thing to try, from what costs least to what changes the result. */
function lessMemory({ microBatch, batchSize, gradientCheckpointing, method }: Recipe): string {
  const atOnce = microBatch ?? batchSize
  if (atOnce > 1)
    return `set microBatch: ${String(smallerDivisor(batchSize, atOnce))} in the recipe, which gives the same losses`
  if (gradientCheckpointing !== true)
    return 'set gradientCheckpointing: true in the recipe, which gives the same losses'
  if (method === 'full') return 'use a LoRA recipe'
  return 'build the dataset with shorter windows'
}

function smallerDivisor(of: number, below: number): number {
  for (let each = Math.floor(below / 2); each > 1; each--) if (of % each === 0) return each
  return 1
}

const broken = (message: string, { log, mend }: Outcome): Failure => ({
  kind: 'missing',
  code: 'environment.broken',
  message,
  where: log,
  remedy: mend,
})
