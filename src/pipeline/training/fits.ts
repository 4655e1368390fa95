import path from 'node:path'
import { done, failed, type DatasetManifest, type DatasetProof, type Failure, type Result } from '../../nouns/index.js'
import type { ModelFolder } from '../../shared/models/index.js'
import { digestOfFile, diskFailure } from '../../shared/project/index.js'
import { readProof } from '../../stages/dataset/index.js'
import type { Run } from '../run.js'
import { checkHeldOut } from './held-out.js'

interface Plan {
  readonly base: ModelFolder
  readonly dataset: DatasetManifest
  readonly heldOut?: DatasetManifest
}

/**
 * Whether the base reads token ids as the dataset means them, and the held-out dataset was made in the same way of something else.
 * Failures: `dataset.unproved`, `dataset.other-model`, `held-out.other-model`, `held-out.overlap`.
 */
export async function checkFits(run: Run, { base, dataset, heldOut }: Plan): Promise<Result<void>> {
  const proof = await readProof(folderOf(run, dataset))
  // What is damaged is told where the samples are read, with what to do.
  if (!proof.ok || dataset.proof !== 'ok') return done(undefined)
  // A service tokenises messages by itself.
  const tokenizer = base.folder === '' ? done(proof.value.tokenizerDigest) : await tokenizerDigest(base)
  if (!tokenizer.ok) return tokenizer
  if (tokenizer.value !== proof.value.tokenizerDigest) return failed(otherModel(base, dataset))
  if (heldOut === undefined) return done(undefined)
  if (heldOut.proof !== 'ok') return failed(unproved(heldOut))
  const other = await readProof(folderOf(run, heldOut))
  if (!other.ok) return other
  if (!isAlike(proof.value, other.value)) return failed(otherHeldOut(dataset, heldOut))
  return checkHeldOut(run, dataset, heldOut)
}

const folderOf = (run: Run, { id }: DatasetManifest): string => path.join(run.project.paths.datasets, id)

const isAlike = (a: DatasetProof, b: DatasetProof): boolean =>
  a.tokenizerDigest === b.tokenizerDigest && a.templateDigest === b.templateDigest

async function tokenizerDigest({ folder }: ModelFolder): Promise<Result<string>> {
  const file = path.join(folder, 'tokenizer.json')
  try {
    return done(await digestOfFile(file))
  } catch (error) {
    return failed(diskFailure(error, file))
  }
}

const otherModel = (base: ModelFolder, dataset: DatasetManifest): Failure => ({
  kind: 'input',
  code: 'dataset.other-model',
  message: `dataset ${dataset.id} was made for ${dataset.model}, whose tokenizer is not that of ${base.name}: its token ids mean something else there`,
  where: base.folder,
  remedy: `build the dataset for this model: limi dataset build --selection ${dataset.selection} --model ${base.name}`,
})

const unproved = ({ id }: DatasetManifest): Failure => ({
  kind: 'input',
  code: 'dataset.unproved',
  message: 'the proof of the held-out dataset failed, so its loss would say nothing',
  where: id,
  remedy: 'run `limi dataset check` to see which sample, and build the dataset again',
})

const otherHeldOut = (dataset: DatasetManifest, heldOut: DatasetManifest): Failure => ({
  kind: 'input',
  code: 'held-out.other-model',
  message: `${heldOut.id} was made for ${heldOut.model} and ${dataset.id} for ${dataset.model}, with another tokenizer or chat template`,
  where: heldOut.id,
  remedy: `build the held-out dataset with --model ${dataset.model}, and the same --chat-template if one was given`,
})
