import { readdir, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { Failure } from '../../../nouns/index.js'
import { formatBytes } from '../../../shared/python/index.js'
import { shapeOf } from './model-shape.js'

/** Bytes of a model's weights as they are stored. */
export async function storedBytes(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.safetensors'))
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).size))
  return sizes.reduce((total, size) => total + size, 0)
}

/** Bytes of the same weights in fp32, in which they train; as they are stored where nothing says how many there are. */
export async function trainedBytes(folder: string): Promise<number> {
  const shape = await shapeOf(folder)
  return shape === null ? storedBytes(folder) : shape.parameters * 4
}

/** Why a run does not fit on the disk; null where it does. Makes nothing: a folder that is not there yet counts as the one above it. */
export async function lackOfRoom(folder: string, needed: number): Promise<Failure | null> {
  const { bavail, bsize } = await statfs(await firstThere(folder))
  const free = bavail * bsize
  if (free >= needed) return null
  return {
    kind: 'underway',
    code: 'disk.full',
    message: `training needs ${formatBytes(needed)} of free disk at its peak, and ${formatBytes(free)} are free`,
    where: folder,
    remedy: 'free some space, or use a LoRA recipe, then run the same command again',
  }
}

async function firstThere(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  )
  const above = path.dirname(folder)
  return isThere || above === folder ? folder : firstThere(above)
}
