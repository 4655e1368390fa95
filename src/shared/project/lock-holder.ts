import { readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import os from 'node:os'
import { z } from 'zod'
import { done, failed, type Result } from '../../nouns/index.js'
import { diskFailure } from './disk-failure.js'

/** A holder names itself within milliseconds; one that has not after this long is dead. */
export const STALE_MS = 5_000

/** What a lock file says of who holds it. */
export const Owner = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  command: z.string(),
  since: z.string(),
})
export type Owner = z.infer<typeof Owner>

export interface Holder {
  /** The lock file as it stands; null where it is gone meanwhile. */
  readonly text: string | null
  /** Null where the file does not name one. */
  readonly owner: Owner | null
  /** Whether nobody holds the lock any more, so that it may be broken. */
  readonly dead: boolean
}

/** Who holds the lock. Failures: `lock.invalid` where a folder is in its place, those of the disk. */
export async function readHolder(file: string): Promise<Result<Holder>> {
  try {
    const text = await readFile(file, 'utf8')
    const owner = ownerIn(text)
    const dead = owner === null ? (await ageOf(file)) > STALE_MS : isGone(owner)
    return done({ text, owner, dead })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return done({ text: null, owner: null, dead: false })
    if (code !== 'EISDIR') return failed(diskFailure(error, file))
    const remedy = 'move this folder away: a lock is a file that limi makes here'
    return failed({
      kind: 'input',
      code: 'lock.invalid',
      message: 'a folder is in the place of a lock',
      where: file,
      remedy,
    })
  }
}

/** Milliseconds since the last change; 0 where it is gone meanwhile. */
export const ageOf = (file: string): Promise<number> =>
  stat(file).then(
    (found) => Date.now() - found.mtimeMs,
    () => 0,
  )

function ownerIn(text: string): Owner | null {
  try {
    return Owner.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

function isGone(owner: Owner): boolean {
  if (owner.host !== os.hostname()) return false
  try {
    process.kill(owner.pid, 0)
    return isZombie(owner.pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Ended, and not yet seen by its parent: Linux says so in proc(5)'s `stat`, behind the name in brackets. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** A holder in words. */
export const describeHolder = ({ owner }: Holder): string =>
  owner === null ? 'another process' : `process ${owner.pid} on ${owner.host} (${owner.command}, since ${owner.since})`
