import { mkdir, rename } from 'node:fs/promises'
import path from 'node:path'
import { unwrap } from '../../nouns/index.js'
import { digestOfFile } from './digest.js'
import { placeOf } from './project.js'

/** Where things go whose place is needed: kept, and read by no stage. */
const REPLACED = 'replaced'

/** Moves `<id><extension>` of each id to `replaced/<id>-<digest><extension>` in the same folder. */
export async function setAside(folder: string, ids: readonly string[], extension: string): Promise<void> {
  if (ids.length === 0) return
  await mkdir(path.join(folder, REPLACED), { recursive: true })
  for (const id of ids) {
    const file = unwrap(placeOf(folder, id, extension))
    const digest = (await digestOfFile(file)).slice(0, 8)
    await rename(file, path.join(folder, REPLACED, `${id.slice(0, 100)}-${digest}${extension}`))
  }
}
