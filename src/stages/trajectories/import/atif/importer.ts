import { stat } from 'node:fs/promises'
import path from 'node:path'
import { done, type Result } from '../../../../nouns/index.js'
import {
  itemsOf,
  type ImportItem,
  type ImportSource,
  type ReadTrajectory,
  type SourceHead,
  type TrajectoryImporter,
} from '../importer.js'
import type { AtifDocument } from './document.js'
import { besidesOf, documentsOf, familyOf, type Family, type FamilyFile } from './files.js'
import { trajectoryFromAtif } from './trajectory.js'

const MAX_PART_BYTES = 256 << 20

/** Harbor's Agent Trajectory Interchange Format, v1.0 to v1.8, with its sub-agents and continuations. */
export const atif: TrajectoryImporter = {
  format: 'atif',
  extensions: ['.json', '.jsonl'],
  companions: [],
  detect,
  partsOf,
  read,
}

function detect({ text }: SourceHead): number {
  // What another format left in an `extra` field must not outweigh the document's first word.
  if (/^\s*\{\s*"schema_version"\s*:\s*"ATIF-v\d/.test(text)) return 0.99
  if (/"schema_version"\s*:\s*"ATIF-v\d/.test(text)) return 0.95
  const hasSteps = text.includes('"steps"') && text.includes('"step_id"') && text.includes('"agent"')
  return hasSteps && /"source"\s*:\s*"(?:system|user|agent)"/.test(text) ? 0.7 : 0
}

async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  let index = 0
  for await (const document of documentsOf(source)) {
    yield* itemsOf(document.ok ? await trajectoryIn(document.value, index, source) : document)
    index += 1
  }
}

async function trajectoryIn(
  document: AtifDocument,
  index: number,
  { path: file, maxDocumentBytes }: ImportSource,
): Promise<Result<ReadTrajectory>> {
  const family = await familyOf(document, file, maxDocumentBytes)
  return done(trajectoryFromAtif(family[0], index, await besidesOf(family)))
}

/** The files that a file's documents take in. Of files that take in each other, the first by name is read. */
async function partsOf(head: SourceHead): Promise<readonly string[]> {
  const file = head.path
  const own = new Set<string>()
  let documents = 0
  let mutual: readonly string[] = []
  try {
    const { size: bytes } = await stat(file)
    for await (const document of documentsOf({ path: file, bytes, head, maxDocumentBytes: MAX_PART_BYTES })) {
      if (!document.ok) continue
      const family = await familyOf(document.value, file, MAX_PART_BYTES)
      for (const part of family.slice(1)) own.add(part.path)
      documents += 1
      // A file of several documents is taken in by none.
      mutual = documents === 1 ? [...leadingTo(family)].map((one) => one.path) : []
    }
  } catch {
    // A file that cannot be read is told of when its turn comes.
  }
  for (const other of mutual) if (path.resolve(other) <= path.resolve(file)) own.delete(other)
  return [...own]
}

/** The files of a family that take in its first one, by themselves or through others. */
function leadingTo(family: Family): ReadonlySet<FamilyFile> {
  const namedBy = new Map<FamilyFile, FamilyFile[]>(family.map((one) => [one, []]))
  for (const one of family) for (const named of new Set(one.files.values())) namedBy.get(named)?.push(one)
  const found = new Set<FamilyFile>([family[0]])
  for (const one of found) for (const by of namedBy.get(one) ?? []) found.add(by)
  return found
}
