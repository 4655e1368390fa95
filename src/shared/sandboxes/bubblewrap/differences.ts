import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Change } from '../sandbox.js'
import { isFile, nameOf, type Listed, type Listing } from '../listing.js'

/** A moment of the workspace: what it held, and where its files lie. */
export interface Moment {
  readonly listing: Listing
  /** Where a file may lie, the first first. */
  readonly folders: readonly string[]
}

/** Files and links that differ, by path. A file that was written again with the same bytes is the same file. */
export async function differencesBetween(before: Moment, after: Moment): Promise<Record<string, Change>> {
  const paths = [...new Set([...before.listing.keys(), ...after.listing.keys()])].sort()
  const changes: [string, Change][] = []
  for (const path of paths) {
    const change = await changeOf(path, before, after)
    if (change !== null) changes.push([nameOf(path), change])
  }
  return Object.fromEntries(changes)
}

async function changeOf(path: string, before: Moment, after: Moment): Promise<Change | null> {
  const was = fileIn(before, path)
  const is = fileIn(after, path)
  if (was === undefined) return is === undefined ? null : 'added'
  if (is === undefined) return 'removed'
  if (was.kind !== is.kind || was.mode !== is.mode || was.size !== is.size || was.target !== is.target) return 'changed'
  if (was.changed === is.changed || is.kind === 'l') return null
  return (await areSame(path, before, after)) ? null : 'changed'
}

function fileIn({ listing }: Moment, path: string): Listed | undefined {
  const listed = listing.get(path)
  return listed !== undefined && isFile(listed) ? listed : undefined
}

async function areSame(path: string, before: Moment, after: Moment): Promise<boolean> {
  const [was, is] = await Promise.all([contentOf(path, before), contentOf(path, after)])
  return was !== null && is !== null && was.equals(is)
}

/** Read only while nothing runs inside, so that nothing on the way can become a link. Null where it cannot be read. */
async function contentOf(path: string, { folders }: Moment): Promise<Buffer | null> {
  for (const folder of folders) {
    const place = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')])
    const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null)
    if (file === null) continue
    try {
      if ((await file.stat()).isFile()) return await file.readFile()
    } finally {
      await file.close()
    }
  }
  return null
}
