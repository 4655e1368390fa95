import { readFile, lstat, readdir } from 'node:fs/promises'
import { execa } from 'execa'
import type { ProcessEnd, SandboxLimits } from '../sandbox.js'
import { AS_OWNER, theCaller } from './caller.js'

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
    if ((await memoryOf(pid)) > maxMemoryBytes) {
      met('memory')
      return
    }
    if (performance.now() >= nextSize) {
      const began = performance.now()
      const size = await sizeOf(written, maxWorkspaceBytes)
      if (size > maxWorkspaceBytes) {
        met('workspace')
        return
      }
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

/** Bytes in memory of a process and all below it, whichever of its threads began them; 0 where it is gone. */
async function memoryOf(pid: number): Promise<number> {
  const [statm, below] = await Promise.all([textOf(`/proc/${pid}/statm`), childrenOf(pid)])
  const own = Number(statm.split(' ')[1] ?? 0) * PAGE
  const held = await Promise.all(below.map(memoryOf))
  return held.reduce((sum, one) => sum + one, own)
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  const lists = await Promise.all(threads.map((thread) => textOf(`/proc/${pid}/task/${thread}/children`)))
  return lists.flatMap((list) => list.split(' ').filter((one) => one !== '')).map(Number)
}

const textOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '')

/** Bytes on disk below some folders, links not followed; it stops counting beyond the limit. An entry counts for a block at least. */
export async function sizeOf(folders: readonly string[], limit: number): Promise<number> {
  let size = 0
  const hidden: string[] = []
  const orHidden =
    <Value>(instead: Value) =>
    (error: unknown): Value => {
      if (HIDING.has((error as NodeJS.ErrnoException).code ?? '')) hidden.push(String(error))
      return instead
    }
  // Names need not be UTF-8.
  const left = folders.map((folder) => Buffer.from(folder))
  for (let folder = left.pop(); folder !== undefined && size <= limit; folder = left.pop()) {
    const inside = Buffer.concat([folder, SLASH])
    const names = await readdir(folder, { encoding: 'buffer' }).catch(orHidden<Buffer[]>([]))
    for (let at = 0; at < names.length && size <= limit; at += AT_ONCE) {
      const places = names.slice(at, at + AT_ONCE).map((name) => Buffer.concat([inside, name]))
      const stats = await Promise.all(places.map((place) => lstat(place).catch(orHidden(null))))
      size += stats.reduce((sum, stat) => sum + Math.max(PAGE, (stat?.blocks ?? 0) * 512), 0)
      left.push(...places.filter((_, index) => stats[index]?.isDirectory() === true))
    }
  }
  return hidden.length > 0 && size <= limit ? Math.max(size, await hiddenSizeOf(folders)) : size
}

/** Why a folder's files are not seen from here: it may not be read, or its path is longer than the kernel takes. */
const HIDING = new Set(['EACCES', 'ENAMETOOLONG'])

/** The same by a program that takes no whole paths, and as the owner of all that lies there. */
async function hiddenSizeOf(folders: readonly string[]): Promise<number> {
  const [program = '', ...words] = [...theCaller().prefix, ...AS_OWNER, 'du', '-s', '--block-size=1', '--', ...folders]
  const { stdout } = await execa(program, words, { reject: false, stdin: 'ignore', cwd: '/' })
  return stdout.split('\n').reduce((sum, line) => sum + (Number.parseInt(line, 10) || 0), 0)
}

const AT_ONCE = 256
const SLASH = Buffer.from('/')
