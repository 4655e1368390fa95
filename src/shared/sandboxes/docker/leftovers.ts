import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type Docker from 'dockerode'

/** Stands on every container and image that limi makes: who made it. */
export const OWNER_LABEL = 'limi.owner'

/** This process, told apart from a later one with its number by when it began. */
export const ownerLabel = (): Readonly<Record<string, string>> => ({
  [OWNER_LABEL]: owner(),
})

const owner = (): string => `${os.hostname()} ${process.pid} ${beginOf(process.pid) ?? 0}`

/** A new folder of this process's among the system's temporary files. */
export const ownFolder = (): Promise<string> =>
  mkdtemp(path.join(os.tmpdir(), `limi-docker-${process.pid}-${beginOf(process.pid) ?? 0}-`))

/** Removes what a limi that was killed on this machine left in the engine. */
export async function removeLeftovers(docker: Docker): Promise<void> {
  const filters = { label: [OWNER_LABEL] }
  for (const { Id, Labels } of await docker.listContainers({ all: true, filters })) {
    if (isLeft(Labels[OWNER_LABEL])) await quietly(docker.getContainer(Id).remove({ force: true, v: true }))
  }
  const images = await docker.listImages({ filters })
  // The newest first: an image stands on older ones.
  for (const { Id, Labels } of images.sort((one, other) => other.Created - one.Created)) {
    if (isLeft(Labels[OWNER_LABEL])) await quietly(docker.getImage(Id).remove({ force: true }))
  }
}

/** Removes folders of this machine whose process is gone. */
export async function removeFolders(within: string): Promise<void> {
  for (const name of await readdir(within)) {
    const [, pid, began] = /^limi-docker-(\d+)-(\d+)-/.exec(name) ?? []
    if (pid === undefined || !isLeft(`${os.hostname()} ${pid} ${began ?? ''}`)) continue
    await quietly(rm(path.join(within, name), { recursive: true, force: true }))
  }
}

function isLeft(owner: string | undefined): boolean {
  const [, host, pid, began] = /^(\S+) (\d+) (\d+)$/.exec(owner ?? '') ?? []
  if (host !== os.hostname()) return false
  if (process.platform === 'linux') return String(beginOf(Number(pid))) !== began
  return !isThere(Number(pid))
}

/** When a process began, in ticks of the kernel's clock since it started (proc(5), `stat`); null where there is no such process. */
function beginOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? null : (fields[18] ?? null)
  } catch {
    return null
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Somebody else removed it meanwhile, or still uses it: the next start tries again. */
const quietly = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined)
