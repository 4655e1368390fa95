import path from 'node:path'
import { entriesIn } from './folder.js'
import { imageWith, type Beginning } from './containers.js'
import { placeIn } from './inside.js'
import { fileEntry, folderEntry, type Entry, type TarOwner } from './tar.js'
import { HOME, TOLD, WORKSPACE, type System } from './places.js'
import type { Walls } from './walls.js'

/** What a sandbox begins with besides its image: its files, and in limi's own image a user with a home. */
export function beginningOf(files: Readonly<Record<string, string>>, system: System): Beginning {
  const places = Object.entries(files).map(
    ([name, content]) => [placeIn(system.workspace, name).slice(1), content] as const,
  )
  const folders = new Set(places.flatMap(([place]) => foldersAbove(place, system.workspace.slice(1))))
  const entries = [
    // Podman gives a folder in memory the mode of what it covers.
    { ...folderEntry(TOLD.slice(1), 0o1777), owner: ROOT },
    ...(system.isOwn ? userEntries() : []),
    ...[...workspaceIn(system), ...folders].map((folder) => folderEntry(folder)),
    ...places.map(([place, content]) => fileEntry(place, content)),
  ]
  return { entries, owner: ownerIn(system) }
}

const ROOT = { uid: 0, gid: 0 }

/** Users of the machine are nobody's business, and an image's own are not there at work. */
const userEntries = (): readonly Entry[] => [
  { ...fileEntry('etc/passwd', `root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::${HOME}:/bin/bash\n`), owner: ROOT },
  { ...fileEntry('etc/group', 'root:x:0:\nuser:x:1000:\n'), owner: ROOT },
  folderEntry(HOME.slice(1)),
]

const workspaceIn = ({ workspace }: System): readonly string[] => (workspace === WORKSPACE ? [WORKSPACE.slice(1)] : [])

function foldersAbove(place: string, workspace: string): readonly string[] {
  const folder = path.posix.dirname(place)
  return folder === workspace ? [] : [...foldersAbove(folder, workspace), folder]
}

function ownerIn({ user }: System): TarOwner {
  const [, uid, gid] = /^(\d+)(?::(\d+))?$/.exec(user) ?? []
  return { uid: Number(uid ?? 0), gid: Number(gid ?? uid ?? 0) }
}

const made = new Map<string, Promise<string>>()

/** An image with a folder of this machine as its workspace, made once a process: every sandbox over it begins with an empty layer. */
export function imageOver(walls: Walls, base: string): Promise<string> {
  const { system } = walls
  const key = JSON.stringify([system.image, system.user, system.env, base])
  const known = made.get(key)
  if (known !== undefined) return known
  const work = imageWith(walls, system.image, {
    entries: within(system, base),
    owner: ownerIn(system),
  })
  made.set(key, work)
  work.catch(() => made.delete(key))
  return work
}

async function* within(system: System, base: string): AsyncGenerator<Entry> {
  for (const folder of workspaceIn(system)) yield folderEntry(folder)
  yield* entriesIn(base, system.workspace.slice(1))
}
