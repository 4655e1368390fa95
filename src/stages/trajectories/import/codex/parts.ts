import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { Family, rememberFolders } from '../family.js'
import { readHead } from '../head.js'
import type { SourceHead } from '../importer.js'
import { isFields, textIn, type Fields } from '../values.js'
import { spawnerOf } from './content.js'
import { itemFrom } from './item.js'

/** A rollout, and the thread that started it where it is a sub-agent's. */
export interface Child {
  readonly id: string
  /** Its name in the folder. */
  readonly name: string
  readonly parent?: string
}

/**
 * The rollouts of the sub-agents that this session started, and of theirs, in the same folder, which holds one day. One that began after
 * midnight lies elsewhere and is imported by itself.
 */
export async function childrenOf(head: SourceHead): Promise<{ readonly id: string; readonly path: string }[]> {
  const own = metaOf(head)
  const root = own === null ? undefined : textIn(own, 'id')
  if (root === undefined) return []
  const folder = path.dirname(head.path)
  const family = await familyIn(folder)
  const children = family.descendantsOf(root).filter(({ name }) => name !== path.basename(head.path))
  return children.map(({ id, name }) => ({ id, path: path.join(folder, name) }))
}

const familyIn = rememberFolders(async (folder: string): Promise<Family<Child>> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const found: Child[] = []
  for (const name of entries
    .filter((entry) => entry.isFile() && /^rollout-.*\.jsonl$/i.test(entry.name))
    .map((entry) => entry.name)
    .sort()) {
    const meta = metaOf(await readHead(path.join(folder, name)).catch(() => null))
    const [id, parent] = meta === null ? [] : [textIn(meta, 'id'), spawnerOf(meta)]
    if (id !== undefined) found.push({ id, name, ...(parent === undefined ? {} : { parent }) })
  }
  return new Family(found)
})

/** The first line, where it is a `session_meta` that the head holds in full. */
function metaOf(head: SourceHead | null): Fields | null {
  const line = head?.text.split('\n', 1)[0] ?? ''
  try {
    const value: unknown = JSON.parse(line)
    const item = isFields(value) ? itemFrom(value) : null
    return item?.kind === 'session_meta' ? item.payload : null
  } catch {
    return null
  }
}
