import { failed, done, type Failure, type Made, type Result } from '../../nouns/index.js'
import { digestOf, digestOfValue } from '../../shared/project/index.js'
import { onModelMessages, type Threads, type TrainingRule } from './conversation/index.js'
import type { GivenTemplate } from './given-template.js'
import type { ModelFiles } from './model-files.js'

/** What to do with a trajectory that makes no sample: stop and name them all, or leave it out with its reason. */
export type Policy = 'error' | 'exclude'

/** What to do with a sample that is too long: as with one that cannot be made, or cut it at turn boundaries. */
export type Overflow = Policy | 'split'

export interface DatasetOptions {
  /** Where the trajectories were chosen. */
  readonly selection: { readonly name: string; readonly digest: string }
  readonly modelName: string
  /** Taken instead of the model's own chat template. */
  readonly chatTemplate?: GivenTemplate
  /** Tokens a sample at most. */
  readonly maxTokens: number
  /** For samples longer than `maxTokens`; `error` where not given. Nothing is cut but by `split`. */
  readonly overflow?: Overflow
  /** For trajectories that make no sample for another reason; `error` where not given. */
  readonly unfit?: Policy
  /** Whether sub-agents make samples too; the main line alone where not given. */
  readonly threads?: Threads
  /** Which messages train; all that the model emitted where not given. */
  readonly rule?: TrainingRule
}

/** What a dataset's manifest records as its making; equal ones make equal bytes. */
export function madeFrom(options: DatasetOptions, files: ModelFiles): Pick<Made, 'inputs' | 'parameters'> {
  const { selection, modelName, maxTokens, overflow = 'error', unfit = 'error' } = options
  const { threads = 'main', rule = onModelMessages, chatTemplate } = options
  const templates = { template: files.templates, special: files.specialTokens, stops: files.stops }
  return {
    inputs: {
      selection: [{ id: selection.name, digest: selection.digest }],
      ...(chatTemplate && { chatTemplate: [{ id: chatTemplate.name, digest: digestOf(chatTemplate.text) }] }),
      model: [{ id: modelName, digest: digestOfValue({ tokenizer: files.tokenizerDigest, ...templates }) }],
    },
    parameters: { maxTokens, overflow, unfit, threads, trains: rule.name },
  }
}

/** A trajectory that made no sample, and why. */
export interface Problem {
  readonly trajectory: string
  readonly failure: Failure
}

/** Samples of one trajectory that are too long, with their sizes. */
export function tooLong(
  samples: readonly { readonly sample: string; readonly tokens: number }[],
  maxTokens: number,
): Failure {
  const [only] = samples
  const named = samples.map(({ sample, tokens }) => `${sample} has ${tokens} tokens`).join(', ')
  return {
    kind: 'input',
    code: 'sample.too-long',
    message:
      samples.length === 1 ? `${only?.tokens ?? 0} tokens, at most ${maxTokens}` : `${named}, at most ${maxTokens}`,
    where: only?.sample ?? '',
    remedy:
      'raise --max-tokens, cut long ones at turn boundaries with --overflow split, or leave them out with --overflow exclude',
  }
}

const NAMED_AT_MOST = 100

/** All problems as one failure that names each; null-free: an only problem is itself. */
export function asFailure(problems: readonly Problem[]): Result<never> {
  const [only] = problems
  if (only === undefined) throw new Error('no problem to report')
  const lines = problems.map(({ trajectory, failure }) => `${failure.where ?? trajectory}: ${failure.message}`)
  const named = lines.slice(0, NAMED_AT_MOST)
  if (lines.length > named.length) named.push(`and ${lines.length - named.length} more`)
  const codes = new Map<string, number>()
  for (const { failure } of problems) codes.set(failure.code, (codes.get(failure.code) ?? 0) + 1)
  const reasons = [...codes].map(([code, count]) => `${count} ${code}`).join(', ')
  return failed({
    kind: 'input',
    code: codes.size === 1 ? only.failure.code : 'dataset.unfit',
    message:
      problems.length === 1
        ? only.failure.message
        : [`${problems.length} make no sample (${reasons}):`, ...named].join('\n  '),
    where: only.failure.where ?? only.trajectory,
    remedy: codes.size === 1 ? only.failure.remedy : 'leave them out of the selection, or build with --unfit exclude',
  })
}

/** The limit as a whole number of tokens. */
export function checkLimit(maxTokens: number): Result<void> {
  if (Number.isInteger(maxTokens) && maxTokens > 0) return done(undefined)
  return failed({
    kind: 'input',
    code: 'dataset.limit',
    message: `${maxTokens} is no number of tokens`,
    where: 'maxTokens',
    remedy: 'give a whole number above zero',
  })
}
