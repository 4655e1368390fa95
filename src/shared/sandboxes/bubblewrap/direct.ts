import { constants, lstatSync, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import type { Place } from './place.js'

/** Modes without which its owner could not read a file, or reach what lies in a folder. */
const [READ, REACH] = [0o400, 0o100]

/**
 * The bytes of a file, read from outside the walls, which takes a tenth of the time: only while nothing runs inside, and only where every step
 * of its path is a folder and its end a file, none of them a link. Undefined where that is not so, and it is read inside.
 */
export async function readDirectly({ layer }: Place, name: string, most: number): Promise<Uint8Array | undefined> {
  let place = layer
  let found = statOf(place)
  for (const step of path.posix.normalize(name).split('/')) {
    if (found?.isDirectory() !== true || (found.mode & REACH) === 0) return undefined
    place = `${place}/${step}`
    found = statOf(place)
  }
  if (found?.isFile() !== true || (found.mode & READ) === 0 || found.size > most) return undefined
  const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    return await file.readFile()
  } finally {
    await file.close()
  }
}

function statOf(place: string): Stats | undefined {
  try {
    return lstatSync(place)
  } catch {
    return undefined
  }
}
