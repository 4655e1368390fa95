import { rm } from 'node:fs/promises'
import {
  DatasetManifest,
  done,
  failed,
  type DatasetProof,
  type Failure,
  type Result,
  type SampleProof,
} from '../../nouns/index.js'
import {
  diskFailure,
  isMadeFrom,
  manifestFile,
  readManifest,
  versionsHere,
  writeJson,
  writeManifest,
} from '../../shared/project/index.js'
import { collectSamples, type Trajectories } from './collect.js'
import { contentDigest, proofFile, samplesFile } from './files.js'
import { keepTemplate } from './given-template.js'
import { openModelOf, type DatasetModel } from './model.js'
import { readModelFiles } from './model-files.js'
import { notesIn, type Note } from './notes.js'
import { asFailure, checkLimit, madeFrom, type DatasetOptions, type Problem } from './plan.js'
import { isProved } from './prove/sample-proof.js'
import { openSampleWriter, type SampleWriter } from './sample-writer.js'

export interface BuildOptions extends DatasetOptions {
  readonly trajectories: Trajectories
  /** With `tokenizer.json`, `tokenizer_config.json` and the chat template. */
  readonly modelFolder: string
  readonly name: string
  /** Where samples, proof and manifest go. */
  readonly folder: string
  /** What is known of the trajectories before: it stands in the manifest with what is found. */
  readonly notes?: readonly Note[]
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: BuildProgress) => void
}

export interface BuildProgress {
  readonly trajectory: string
  /** So far. */
  readonly samples: number
  readonly tokens: number
}

export interface BuiltDataset {
  readonly manifest: DatasetManifest
  readonly notes: readonly Note[]
  /** True where the dataset was there already, made from these very inputs. */
  readonly kept: boolean
}

interface Collected {
  readonly proofs: readonly SampleProof[]
  readonly excluded: readonly Problem[]
  readonly notes: readonly Note[]
}

/**
 * Makes a dataset: `samples.jsonl` and `proof.json`, equal to the byte for equal inputs, then `manifest.json`.
 * Nothing is cut but where `split` asks for it, nothing dropped: what makes no sample is an error that names it, or `excluded` with its reason.
 * A failed proof is no failure here: `manifest.proof` says so, and such a dataset cannot be trained on.
 */
export async function buildDataset(options: BuildOptions): Promise<Result<BuiltDataset>> {
  const limit = checkLimit(options.maxTokens)
  if (!limit.ok) return limit
  const files = await readModelFiles(options.modelFolder, options.chatTemplate?.text)
  if (!files.ok) return files
  const made = madeFrom(options, files.value)
  const existing = await readManifest(options.folder, DatasetManifest)
  if (
    existing !== null &&
    isMadeFrom(existing.made, made.inputs, made.parameters) &&
    (await isIntact(options, existing))
  ) {
    return done({ manifest: existing, notes: notesIn(existing), kept: true })
  }
  const model = await openModelOf(files.value)
  if (!model.ok) return model
  const writer = await openSampleWriter(samplesFile(options.folder))
  if (!writer.ok) return writer
  try {
    const collected = await collect(options, model.value, writer.value)
    if (!collected.ok) return collected
    return await finish(options, model.value, collected.value, writer.value)
  } finally {
    await writer.value.discard()
  }
}

async function isIntact({ folder }: BuildOptions, { digest }: DatasetManifest): Promise<boolean> {
  try {
    return digest === (await contentDigest(folder))
  } catch {
    return false
  }
}

async function collect(options: BuildOptions, model: DatasetModel, writer: SampleWriter): Promise<Result<Collected>> {
  const proofs: SampleProof[] = []
  const excluded: Problem[] = []
  const problems: Problem[] = []
  const notes: Note[] = [...fallbackNotes(model, options.name), ...(options.notes ?? [])]
  let tokens = 0
  for await (const next of collectSamples(model, options.trajectories, options)) {
    if (options.signal?.aborted === true) return failed(interrupted(options.name))
    if (!next.ok) return next
    if ('problem' in next.value) {
      const { problem, policy } = next.value
      if (policy === 'error') problems.push(problem)
      else excluded.push(problem)
      continue
    }
    for (const { sample, proof } of next.value.samples) {
      const written = await writer.write(sample)
      if (!written.ok) return written
      proofs.push(proof)
      tokens += proof.tokens
    }
    notes.push(...next.value.notes)
    options.onProgress?.({ trajectory: next.value.trajectory, samples: proofs.length, tokens })
  }
  if (problems.length > 0) return asFailure(problems)
  if (proofs.length === 0) return failed(nothingLeft(options.name))
  return done({ proofs, excluded, notes })
}

async function finish(
  options: BuildOptions,
  model: DatasetModel,
  { proofs, excluded, notes }: Collected,
  writer: SampleWriter,
): Promise<Result<BuiltDataset>> {
  const { folder, name } = options
  const proof: DatasetProof = {
    format: 'limi.proof/1',
    status: proofs.every(isProved) ? 'ok' : 'failed',
    templateDigest: model.files.templateDigest,
    tokenizerDigest: model.files.tokenizerDigest,
    samples: [...proofs],
  }
  try {
    await rm(manifestFile(folder), { force: true })
  } catch (error) {
    return failed(diskFailure(error, folder))
  }
  const kept = await keepTemplate(folder, options.chatTemplate)
  if (!kept.ok) return kept
  const written = await writer.finish()
  if (!written.ok) return written
  const proved = await writeJson(proofFile(folder), proof)
  if (!proved.ok) return proved
  const all = [...notes, ...excluded.map(asNote)]
  const manifest = {
    format: 'limi.manifest/1' as const,
    kind: 'dataset' as const,
    id: name,
    created: new Date().toISOString(),
    made: { ...madeFrom(options, model.files), versions: { ...versionsHere(), tokeniser: model.tokeniser.engine } },
    digest: await contentDigest(folder, written.value),
    model: options.modelName,
    selection: options.selection.name,
    template: model.renderer.family.family,
    samples: proofs.length,
    tokens: proofs.reduce((sum, sample) => sum + sample.tokens, 0),
    trainedTokens: proofs.reduce((sum, sample) => sum + sample.trainedTokens, 0),
    maxTokens: Math.max(...proofs.map((sample) => sample.tokens)),
    excluded: excluded.map(({ trajectory, failure }) => ({ trajectory, reason: failure.code })),
    proof: proof.status,
    notes: all,
  }
  const complete = await writeManifest(folder, manifest)
  return complete.ok ? done({ manifest, notes: all, kept: false }) : complete
}

function fallbackNotes({ tokeniser }: DatasetModel, sample: string): Note[] {
  if (tokeniser.engine === '@huggingface/tokenizers') {
    const message = 'the official tokenizers have no binary for this machine; their JavaScript port is used (slower)'
    return [{ sample, code: 'tokenizer-fallback', message }]
  }
  if (tokeniser.slowBecause === undefined) return []
  const message = `each text is encoded as a whole, which is slower and gives the same, as ${tokeniser.slowBecause}`
  return [{ sample, code: 'tokenizer-whole', message }]
}

const asNote = ({ trajectory, failure }: Problem): Note => ({
  sample: trajectory,
  code: 'excluded',
  message: `${failure.code}: ${failure.message}`,
})

const interrupted = (name: string): Failure => ({
  kind: 'interrupted',
  code: 'interrupted',
  message: 'the dataset is not complete and was put away',
  where: name,
  remedy: 'run the same command again',
})

const nothingLeft = (name: string): Failure => ({
  kind: 'input',
  code: 'dataset.empty',
  message: 'not one trajectory makes a sample',
  where: name,
  remedy: 'choose other trajectories, or see the reasons with --overflow error --unfit error',
})
