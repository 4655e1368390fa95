import { readFile, lstat, readdir } from 'node:fs/promises'
import type { ProcessEnd, SandboxLimits } from '../sandbox.js'

const PAGE = 4096
/** Most commands are over before they are looked at. */
const EVERY_MS = 100
/** Looking at a large workspace takes a while: it is done for a tenth of the time at most. */
const PAUSE = 10

/**
 * Looks at what a process and all that it started hold, and what was written, until it is told to stop; says which limit they met.
 * Between two looks they may go beyond: the limit ends them, it does not hinder them.
 */
export function watch(
  pid: number,
  written: readonly string[],
  { maxMemoryBytes, maxWorkspaceBytes }: SandboxLimits,
  met: (limit: NonNullable<ProcessEnd['limit']>) => void,
): () => void {
  let isOver = false
  let timer: NodeJS.Timeout | undefined
  let nextSize = 0
  const look = async (): Promise<void> => {
    if ((await memoryOf(pid)) > maxMemoryBytes) return met('memory')
    if (performance.now() >= nextSize) {
      const began = performance.now()
      const size = await sizeOf(written, maxWorkspaceBytes)
      if (size > maxWorkspaceBytes) return met('workspace')
      nextSize = performance.now() + PAUSE * (performance.now() - began)
    }
    if (!isOver) again()
  }
  const again = (): void => {
    timer = setTimeout(() => void look(), EVERY_MS)
  }
  again()
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}

/** Bytes in memory of a process and all below it; 0 where it is gone. */
async function memoryOf(pid: number): Promise<number> {
  const [statm, children] = await Promise.all([
    textOf(`/proc/${pid}/statm`),
    textOf(`/proc/${pid}/task/${pid}/children`),
  ])
  const own = Number(statm.split(' ')[1] ?? 0) * PAGE
  const below = children.split(' ').filter((one) => one !== '')
  const held = await Promise.all(below.map((one) => memoryOf(Number(one))))
  return held.reduce((sum, one) => sum + one, own)
}

const textOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '')

/** Bytes on disk below some folders, links not followed; it stops counting beyond the limit. An entry counts for a block at least. */
export async function sizeOf(folders: readonly string[], limit: number): Promise<number> {
  let size = 0
  // Names need not be UTF-8.
  const left = folders.map((folder) => Buffer.from(folder))
  for (let folder = left.pop(); folder !== undefined && size <= limit; folder = left.pop()) {
    const inside = Buffer.concat([folder, SLASH])
    for (const name of await readdir(folder, { encoding: 'buffer' }).catch(() => [])) {
      const place = Buffer.concat([inside, name])
      const stat = await lstat(place).catch(() => null)
      size += Math.max(PAGE, (stat?.blocks ?? 0) * 512)
      if (stat?.isDirectory() === true) left.push(place)
    }
  }
  return size
}

const SLASH = Buffer.from('/')
