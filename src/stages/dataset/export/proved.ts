import {
  done,
  failed,
  type DatasetManifest,
  type DatasetProof,
  type Failure,
  type Result,
} from '../../../nouns/index.js'
import { checkContent, readProof } from '../files.js'

/**
 * The proof of a dataset that may leave the project. Failures: `dataset.unproved`, and `dataset.changed` where samples or proof are not
 * those that were proved.
 */
export async function readHoldingProof(folder: string, manifest: DatasetManifest): Promise<Result<DatasetProof>> {
  if (manifest.proof !== 'ok') return failed(unproved(manifest.id))
  const unchanged = await checkContent(folder, manifest.digest)
  if (!unchanged.ok) return unchanged
  const proof = await readProof(folder)
  if (!proof.ok) return proof
  return proof.value.status === 'ok' ? done(proof.value) : failed(unproved(manifest.id))
}

const unproved = (dataset: string): Failure => ({
  kind: 'input',
  code: 'dataset.unproved',
  message: 'the proof of this dataset failed: what would be trained is not what the assistant said',
  where: dataset,
  remedy: 'run `limi dataset check` to see which sample, and build the dataset again',
})
