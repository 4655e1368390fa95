import { Checkpoint } from '../../../nouns/index.js'
import { placeOf, readManifest } from '../../project/index.js'

/** Where the service that trained a run answers as its model; null where the run has weights of its own, or is none. */
export async function serviceOf(run: string, trainingFolder: string): Promise<Checkpoint['hosted'] | null> {
  const folder = placeOf(trainingFolder, run)
  const manifest = folder.ok ? await readManifest(folder.value, Checkpoint) : null
  return manifest?.path === undefined ? (manifest?.hosted ?? null) : null
}
