import type { Change, Sandbox, Snapshot } from '../../sandboxes/index.js'
import { unifiedDiff } from './unified.js'

/**
 * What became of a workspace's files since a snapshot, as one patch in git's form. Files that are no UTF-8 text are named and not shown; so
 * are those of which something else than the text changed. Where a file is not new the workspace is put back to the snapshot,
 * which is how former contents are read.
 */
export async function workspacePatch(
  sandbox: Sandbox,
  start: Snapshot,
  changes: Readonly<Record<string, Change>>,
): Promise<string> {
  const paths = Object.keys(changes).sort()
  if (paths.length === 0) return ''
  const after = await contentsOf(sandbox, paths)
  const old = paths.filter((path) => changes[path] !== 'added')
  if (old.length > 0) await sandbox.restore(start)
  const before = await contentsOf(sandbox, old)
  return paths.map((path) => filePatch(path, before.get(path) ?? null, after.get(path) ?? null)).join('')
}

/** Null where there is no such file. */
type Content = Uint8Array | null

async function contentsOf(sandbox: Sandbox, paths: readonly string[]): Promise<ReadonlyMap<string, Content>> {
  const contents = new Map<string, Content>()
  for (const path of paths) contents.set(path, await sandbox.read(path))
  return contents
}

/** A file's part of the patch, after git's documentation of `diff` ("Generating patch text with -p"). */
function filePatch(path: string, before: Content, after: Content): string {
  const [from, to] = [quoted(`a/${path}`), quoted(`b/${path}`)]
  const head = `diff --git ${from} ${to}\n${modeLine(before, after)}`
  const [old, now] = [textOf(before), textOf(after)]
  if (old === null || now === null)
    return `${head}Binary files ${before === null ? '/dev/null' : from} and ${after === null ? '/dev/null' : to} differ\n`
  const hunks = unifiedDiff(old, now)
  if (hunks === '') return head
  return `${head}--- ${before === null ? '/dev/null' : from}\n+++ ${after === null ? '/dev/null' : to}\n${hunks}`
}

function modeLine(before: Content, after: Content): string {
  if (before === null) return after === null ? '' : 'new file mode 100644\n'
  return after === null ? 'deleted file mode 100644\n' : ''
}

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Null where it is no text; an absent file is an empty one. */
function textOf(content: Content): string | null {
  if (content === null) return ''
  if (content.includes(0)) return null
  try {
    return DECODER.decode(content)
  } catch {
    return null
  }
}

/** As git quotes a name that holds a quote, a backslash or a control character. */
function quoted(name: string): string {
  if (!/["\\]|\p{Cc}/u.test(name)) return name
  const escaped = name.replace(/["\\]|\p{Cc}/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`
    return [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
  })
  return `"${escaped}"`
}
