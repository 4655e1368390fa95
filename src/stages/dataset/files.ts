import { createReadStream } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { DatasetProof, done, failed, Sample, type Result } from '../../nouns/index.js'
import { diskFailure, digestOfFile, digestOfValue, parseJson, readJson } from '../../shared/project/index.js'

export const samplesFile = (folder: string): string => path.join(folder, 'samples.jsonl')
export const proofFile = (folder: string): string => path.join(folder, 'proof.json')

/** The samples of a dataset, one at a time; a line that is no sample is `file.invalid` with its number. */
export async function* streamSamples(folder: string): AsyncGenerator<Result<Sample>> {
  const file = samplesFile(folder)
  let line = 0
  try {
    for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      line += 1
      yield parseJson(text, Sample, `${file}:${line}`)
    }
  } catch (error) {
    yield failed(diskFailure(error, file))
  }
}

/** All samples of a dataset. */
export async function readSamples(folder: string): Promise<Result<readonly Sample[]>> {
  const samples: Sample[] = []
  for await (const sample of streamSamples(folder)) {
    if (!sample.ok) return sample
    samples.push(sample.value)
  }
  return done(samples)
}

/** All samples of a dataset, as they were proved. Failure: `dataset.changed` where samples or proof are not those of `digest`. */
export async function readProvedSamples(folder: string, digest: string): Promise<Result<readonly Sample[]>> {
  const unchanged = await checkContent(folder, digest)
  return unchanged.ok ? readSamples(folder) : unchanged
}

/** Whether samples and proof are still those of `digest`; `dataset.changed` where not. */
export async function checkContent(folder: string, digest: string): Promise<Result<void>> {
  try {
    if ((await contentDigest(folder)) === digest) return done(undefined)
  } catch (error) {
    return failed(diskFailure(error, folder))
  }
  return failed({
    kind: 'input',
    code: 'dataset.changed',
    message: 'samples.jsonl or proof.json was changed after the proof, so the proof does not hold for what is there',
    where: folder,
    remedy: 'run `limi dataset check` to see what differs, and `limi dataset build` to build it again',
  })
}

export const readProof = (folder: string): Promise<Result<DatasetProof>> => readJson(proofFile(folder), DatasetProof)

/** The content hash of a dataset: of its samples' and its proof's bytes. `samples` is the samples' digest where it is known. */
export const contentDigest = async (folder: string, samples?: string): Promise<string> =>
  digestOfValue({
    samples: samples ?? (await digestOfFile(samplesFile(folder))),
    proof: await digestOfFile(proofFile(folder)),
  })
