import {
  DatasetManifest,
  done,
  failed,
  type DatasetProof,
  type Failure,
  type Result,
  type Sample,
  type SampleProof,
} from '../../../nouns/index.js'
import { canonicalJson, readManifest } from '../../../shared/project/index.js'
import { collectSamples, type Trajectories } from '../collect.js'
import type { TrainingRule } from '../conversation/index.js'
import { contentDigest, readProof, streamSamples } from '../files.js'
import type { Certify } from '../histories/index.js'
import { keptTemplate } from '../given-template.js'
import { openDatasetModel, type DatasetModel } from '../model.js'
import type { DatasetOptions } from '../plan.js'
import type { MadeSample } from '../sample.js'
import { isProved } from './sample-proof.js'

export interface CheckOptions {
  readonly folder: string
  /** The chosen trajectories in the order of the selection. */
  readonly trajectories: Trajectories
  readonly modelFolder: string
  /** The rule it was built with, where that was not the usual one. */
  readonly rule?: TrainingRule
  /** `renderEach` renders the prompt of every message that trains, which takes long; as in building where not given. */
  readonly certify?: Certify
  readonly signal?: AbortSignal
}

export interface Difference {
  /** The sample, or the file where it concerns the whole. */
  readonly where: string
  /** For example `labels[17]: 42 is stored, -100 is right`. */
  readonly what: string
}

export interface DatasetCheck {
  readonly status: 'ok' | 'failed'
  readonly samples: number
  readonly firstDifference?: Difference
}

/** Recomputes a dataset from the trajectories alone and compares it with what is stored, to the first difference. */
export async function checkDataset(options: CheckOptions): Promise<Result<DatasetCheck>> {
  const manifest = await readManifest(options.folder, DatasetManifest)
  if (manifest === null) return failed(incomplete(options.folder))
  const proof = await readProof(options.folder)
  if (!proof.ok) return proof
  const template = await keptTemplate(options.folder, manifest)
  if (!template.ok) return template
  const model = await openDatasetModel(options.modelFolder, { chatTemplate: template.value })
  if (!model.ok) return model
  return compareAll(options, manifest, proof.value, model.value)
}

async function compareAll(
  options: CheckOptions,
  manifest: DatasetManifest,
  proof: DatasetProof,
  model: DatasetModel,
): Promise<Result<DatasetCheck>> {
  const differs = (where: string, what: string, samples: number): Result<DatasetCheck> =>
    done({ status: 'failed', samples, firstDifference: { where, what } })
  const byHash = hashDifference(proof, model)
  if (byHash !== null) return differs('proof.json', byHash, 0)
  const stored = streamSamples(options.folder)
  const proofs = proof.samples[Symbol.iterator]()
  const totals = { samples: 0, tokens: 0, trainedTokens: 0, maxTokens: 0 }
  const { rule, certify } = options
  const plan = { ...parametersOf(manifest), ...(rule && { rule }), ...(certify && { certify }) }
  for await (const next of collectSamples(model, options.trajectories, plan)) {
    if (options.signal?.aborted === true) return failed(interrupted)
    if (!next.ok) return next
    if ('problem' in next.value) {
      const { trajectory, problem } = next.value
      if (manifest.excluded.some((each) => each.trajectory === trajectory && each.reason === problem.failure.code))
        continue
      return differs(trajectory, `it makes no sample: ${problem.failure.message}`, totals.samples)
    }
    for (const made of next.value.samples) {
      const found = await stored.next()
      if (found.done === true) return differs(made.sample.id, 'it is missing from samples.jsonl', totals.samples)
      if (!found.value.ok) return found.value
      const difference = sampleDifference(found.value.value, proofs.next().value, made)
      if (difference !== null) return differs(made.sample.id, difference, totals.samples)
      count(totals, made.proof)
    }
  }
  const extra = await stored.next()
  if (extra.done !== true)
    return differs('samples.jsonl', 'it holds more samples than the trajectories make', totals.samples)
  const rest = await wholeDifference(options.folder, manifest, proof, totals)
  return rest === null
    ? done({ status: 'ok', samples: totals.samples })
    : differs('manifest.json', rest, totals.samples)
}

function hashDifference(proof: DatasetProof, { files }: DatasetModel): string | null {
  if (proof.tokenizerDigest !== files.tokenizerDigest)
    return 'the tokenizer is another one than the dataset was made with'
  if (proof.templateDigest !== files.templateDigest)
    return 'the chat template is another one than the dataset was made with'
  return null
}

function sampleDifference(stored: Sample, proof: SampleProof | undefined, made: MadeSample): string | null {
  if (stored.id !== made.sample.id) return `${stored.id} stands in its place`
  if (stored.trajectory !== made.sample.trajectory) return `it names the trajectory ${stored.trajectory}`
  const unequal =
    arrayDifference('input_ids', stored.input_ids, made.sample.input_ids) ??
    arrayDifference('labels', stored.labels, made.sample.labels)
  if (unequal !== null) return unequal
  const wrong = Object.entries(made.proof.checks).find(([, passed]) => !passed)
  if (wrong !== undefined) return `the check ${wrong[0]} fails`
  if (canonicalJson(proof) !== canonicalJson(made.proof)) return 'its proof is another one than its trajectory gives'
  return null
}

function arrayDifference(name: string, stored: readonly number[], right: readonly number[]): string | null {
  const at = right.findIndex((value, index) => stored[index] !== value)
  if (at >= 0) return `${name}[${at}]: ${stored[at] ?? 'nothing'} is stored, ${right[at] ?? 'nothing'} is right`
  return stored.length === right.length ? null : `${name}: ${stored.length} are stored, ${right.length} are right`
}

type Totals = Record<'samples' | 'tokens' | 'trainedTokens' | 'maxTokens', number>

function count(totals: Totals, proof: SampleProof): void {
  totals.samples += 1
  totals.tokens += proof.tokens
  totals.trainedTokens += proof.trainedTokens
  totals.maxTokens = Math.max(totals.maxTokens, proof.tokens)
}

async function wholeDifference(
  folder: string,
  manifest: DatasetManifest,
  proof: DatasetProof,
  totals: Totals,
): Promise<string | null> {
  if (proof.samples.length !== totals.samples)
    return `proof.json proves ${proof.samples.length} samples of ${totals.samples}`
  const status = proof.samples.every(isProved) ? 'ok' : 'failed'
  if (proof.status !== status || manifest.proof !== status)
    return `the proof says ${proof.status}, its checks say ${status}`
  for (const name of ['samples', 'tokens', 'trainedTokens', 'maxTokens'] as const) {
    if (manifest[name] !== totals[name]) return `${name}: ${manifest[name]} is stored, ${totals[name]} is right`
  }
  return (await contentDigest(folder)) === manifest.digest ? null : 'the digest is not that of the files'
}

/** How a dataset was built, as its manifest says. */
export function parametersOf({
  made: { parameters },
}: DatasetManifest): Required<Pick<DatasetOptions, 'maxTokens' | 'overflow' | 'unfit' | 'threads'>> {
  const { maxTokens, overflow, unfit, threads } = parameters
  return {
    maxTokens: Number(maxTokens),
    overflow: overflow === 'exclude' || overflow === 'split' ? overflow : 'error',
    unfit: unfit === 'exclude' ? 'exclude' : 'error',
    threads: threads === 'all' ? 'all' : 'main',
  }
}

const incomplete = (folder: string): Failure => ({
  kind: 'input',
  code: 'dataset.incomplete',
  message: 'no complete dataset here (no manifest.json that can be read)',
  where: folder,
  remedy: 'build it: limi dataset build',
})

const interrupted: Failure = {
  kind: 'interrupted',
  code: 'interrupted',
  message: 'the check was stopped',
  remedy: 'run the same command again',
}
