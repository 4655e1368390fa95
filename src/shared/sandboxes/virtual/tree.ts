import path from 'node:path'
import type { InMemoryFs } from 'just-bash'
import type { Change } from '../sandbox.js'

type Entry =
  | { readonly type: 'file'; readonly content: Uint8Array; readonly mode: number; readonly mtime: Date }
  | { readonly type: 'folder'; readonly mode: number; readonly mtime: Date }
  | { readonly type: 'link'; readonly target: string }

/** Everything that a command could have written, by absolute path. */
export type Tree = ReadonlyMap<string, Entry>

/** The shell's own folders: generated, the same in every sandbox. */
const isSystem = (place: string): boolean => place === '/' || /^\/(bin|usr|dev|proc)(\/|$)/.test(place)

export async function readTree(fs: InMemoryFs): Promise<Tree> {
  const places = fs.getAllPaths().filter((place) => !isSystem(place))
  const entries = await Promise.all(places.map(async (place) => [place, await readEntry(fs, place)] as const))
  return new Map(entries)
}

async function readEntry(fs: InMemoryFs, place: string): Promise<Entry> {
  const { isSymbolicLink, isDirectory, mode, mtime } = await fs.lstat(place)
  if (isSymbolicLink) return { type: 'link', target: await fs.readlink(place) }
  if (isDirectory) return { type: 'folder', mode, mtime }
  return { type: 'file', content: (await fs.readFileBuffer(place)).slice(), mode, mtime }
}

/** Puts back what differs and leaves the rest alone. */
export async function restoreTree(fs: InMemoryFs, tree: Tree): Promise<void> {
  const now = await readTree(fs)
  const stale = [...now.keys()].filter((place) => !sameEntry(now.get(place), tree.get(place)))
  for (const place of stale.sort().reverse()) await removeStale(fs, place, now.get(place), tree.get(place))
  for (const place of [...tree.keys()].sort()) {
    const entry = tree.get(place)
    if (entry !== undefined && !sameEntry(now.get(place), entry)) await writeEntry(fs, place, entry)
  }
}

/** A folder that stays a folder keeps what is in it. */
async function removeStale(fs: InMemoryFs, place: string, was: Entry | undefined, to: Entry | undefined) {
  if (was?.type === 'folder' && to?.type === 'folder') return
  await fs.rm(place, { recursive: true, force: true })
}

async function writeEntry(fs: InMemoryFs, place: string, entry: Entry): Promise<void> {
  if (entry.type === 'link') return fs.symlink(entry.target, place)
  if (entry.type === 'file') {
    fs.writeFileSync(place, entry.content, undefined, entry)
    return
  }
  await fs.mkdir(place, { recursive: true })
  await fs.chmod(place, entry.mode)
}

/** Changed files and links below a folder, by path relative to it. Folders of their own do not count. */
export function differences(before: Tree, after: Tree, folder: string): Record<string, Change> {
  const places = [...new Set([...before.keys(), ...after.keys()])].filter((place) => place.startsWith(`${folder}/`))
  const changes = places.sort().flatMap((place): [string, Change][] => {
    const change = changeOf(fileAt(before, place), fileAt(after, place))
    return change === null ? [] : [[path.posix.relative(folder, place), change]]
  })
  return Object.fromEntries(changes)
}

/** Files and links below a folder, by path relative to it. */
export const filesBelow = (tree: Tree, folder: string): string[] =>
  [...tree.keys()]
    .filter((place) => place.startsWith(`${folder}/`) && fileAt(tree, place) !== undefined)
    .map((place) => path.posix.relative(folder, place))
    .sort()

function fileAt(tree: Tree, place: string): Entry | undefined {
  const entry = tree.get(place)
  return entry?.type === 'folder' ? undefined : entry
}

function changeOf(before: Entry | undefined, after: Entry | undefined): Change | null {
  if (before === undefined) return after === undefined ? null : 'added'
  if (after === undefined) return 'removed'
  return sameEntry(before, after) ? null : 'changed'
}

/** Times do not count: a file written again with the same bytes is the same file. */
function sameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  if (a.type === 'link' || b.type === 'link')
    return a.type === b.type && 'target' in a && 'target' in b && a.target === b.target
  if (a.mode !== b.mode) return false
  if (a.type === 'folder' || b.type === 'folder') return a.type === b.type
  return Buffer.compare(a.content, b.content) === 0
}
