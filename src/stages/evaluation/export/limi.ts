import { done, type Result } from '../../../nouns/index.js'
import { ZipWriter } from '../../../shared/zip/index.js'
import { isEvaluationFile } from '../import/limi/names.js'
import { folderTree } from '../import/limi/tree.js'

/** An evaluation's folder as one archive, which `limi eval import` reads again: the same files make the same bytes. */
export async function writeLimiArchive(
  folder: string,
  where: string,
  write: (bytes: Uint8Array) => Promise<Result<void>>,
): Promise<Result<number>> {
  const tree = await folderTree(folder)
  if (!tree.ok) return tree
  const zip = new ZipWriter(where, write)
  const names = tree.value.names.filter(isEvaluationFile)
  for (const name of names) {
    const bytes = await tree.value.read(name)
    if (!bytes.ok) return bytes
    const added = await zip.add(name, bytes.value)
    if (!added.ok) return added
  }
  const finished = await zip.finish()
  return finished.ok ? done(names.length) : finished
}
