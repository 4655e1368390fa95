import { readFileSync, rmSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'
import { diskFailure } from './disk-failure.js'
import { makeFolder } from './folder.js'
import { ageOf, describeHolder, readHolder, STALE_MS, type Holder, type Owner } from './lock-holder.js'

export interface Lock {
  release(): Promise<void>
}

export interface LockWait {
  /** How long to wait for another holder before `lock.held` names it; not at all where not given. */
  readonly waitMs?: number
  /** Told once, where there is someone to wait for. */
  readonly announce?: (line: string) => void
  readonly signal?: AbortSignal
}

/**
 * Takes the one writer's place. A lock is broken that was left by a process of this host that is gone, or that has named
 * nobody for seconds. Failures: `lock.held`, `lock.invalid`, `interrupted`, those of the disk.
 */
export async function takeLock(file: string, command: string, wait: LockWait = {}): Promise<Result<Lock>> {
  const folder = await makeFolder(path.dirname(file))
  if (!folder.ok) return folder
  const deadline = Date.now() + (wait.waitMs ?? 0)
  let told = false
  for (;;) {
    if (wait.signal?.aborted === true) return failed(interrupted(file))
    const taken = await tryTake(file, command)
    if (taken !== 'held') return taken
    const holder = await readHolder(file)
    if (!holder.ok) return holder
    if (holder.value.dead) {
      const broken = await breakLock(file, holder.value)
      if (!broken.ok) return broken
      if (broken.value) continue
    }
    // Who breaks a dead holder's lock may itself have died, which takes as long to see.
    if (Date.now() >= deadline + (holder.value.dead ? 2 * STALE_MS : 0)) return failed(heldBy(file, holder.value))
    if (!told) wait.announce?.(`waiting for ${describeHolder(holder.value)}, which holds ${file}`)
    told = true
    await sleep(100, undefined, { signal: wait.signal }).catch(() => undefined)
  }
}

/** Removes a dead holder's lock, one breaker at a time, so that nobody removes the lock of the one who came after it. */
async function breakLock(file: string, dead: Holder): Promise<Result<boolean>> {
  const breaking = `${file}.breaking`
  try {
    const handle = await open(breaking, 'wx').catch(unlessThere)
    if (handle === null) {
      if ((await ageOf(breaking)) > STALE_MS) await rm(breaking, { force: true })
      return done(false)
    }
    await handle.close()
    try {
      const now = await readHolder(file)
      if (!now.ok) return now
      if (now.value.dead && now.value.text === dead.text) await rm(file, { force: true })
      return done(true)
    } finally {
      await rm(breaking, { force: true })
    }
  } catch (error) {
    return failed(diskFailure(error, breaking))
  }
}

function unlessThere(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null
  throw error
}

async function tryTake(file: string, command: string): Promise<Result<Lock> | 'held'> {
  const owner: Owner = { pid: process.pid, host: os.hostname(), command, since: new Date().toISOString() }
  try {
    const handle = await open(file, 'wx').catch(unlessThere)
    if (handle === null) return 'held'
    const named = await handle
      .writeFile(JSON.stringify(owner))
      .finally(() => handle.close())
      .then(
        () => null,
        (error: unknown) => diskFailure(error, file),
      )
    if (named !== null) {
      await rm(file, { force: true })
      return failed(named)
    }
  } catch (error) {
    return failed(diskFailure(error, file))
  }
  const releaseOnExit = (): void => releaseSync(file)
  process.once('exit', releaseOnExit)
  return done({
    async release() {
      process.off('exit', releaseOnExit)
      await rm(file, { force: true })
    },
  })
}

function releaseSync(file: string): void {
  try {
    const owner = JSON.parse(readFileSync(file, 'utf8')) as Owner
    if (owner.pid === process.pid) rmSync(file, { force: true })
  } catch {
    // Already gone: nothing to release.
  }
}

const heldBy = (file: string, holder: Holder): Failure => ({
  kind: 'underway',
  code: 'lock.held',
  message: `this project is in use by ${describeHolder(holder)}`,
  where: file,
  remedy: 'wait for it to end, or stop it; if it is gone for good, delete the lock file',
})

const interrupted = (file: string): Failure => ({
  kind: 'interrupted',
  code: 'interrupted',
  message: 'stopped while waiting for another process',
  where: file,
  remedy: 'run the same command again',
})
