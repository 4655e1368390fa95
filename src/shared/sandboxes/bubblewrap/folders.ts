import { readlinkSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { AS_OWNER, type Caller } from './caller.js'

let tidied: Promise<void> | undefined

/** A new folder of this process's among the system's temporary files. What processes left there that were killed is taken away once. */
export async function ownFolder(kind: 'sandbox' | 'base', caller: Caller): Promise<string> {
  tidied ??= removeLeftovers(os.tmpdir(), caller)
  await tidied
  return mkdtemp(path.join(os.tmpdir(), `limi-${kind}-${numbersHere()}-${process.pid}-`))
}

/** Which numbering of processes a number belongs to: containers that share a folder for temporary files have one each. */
const numbersHere = (): string => /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'

const NAME = /^limi-(?:sandbox|base)-(\d+)-(\d+)-/

/** Removes folders whose process is gone. */
export async function removeLeftovers(within: string, caller: Caller): Promise<void> {
  for (const name of await readdir(within)) {
    const [, numbers, pid] = NAME.exec(name) ?? []
    if (numbers !== numbersHere() || isAlive(Number(pid))) continue
    await removeAll(path.join(within, name), caller)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Also what its owner made unreadable; what belongs to somebody else stays. */
export async function removeAll(folder: string, caller: Caller): Promise<void> {
  const [program, ...words] = [...caller.prefix, ...AS_OWNER, 'rm', '-rf', '--', folder]
  await execa(program, words, { reject: false, stdin: 'ignore' })
  await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES' && (error as NodeJS.ErrnoException).code !== 'EPERM')
      throw error
  })
}
