import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Duplex, Readable } from 'node:stream'
import type { ProcessEnd, SandboxLimits } from '../sandbox.js'
import { systemCallFilter } from './filter.js'
import { watch } from './watch.js'

export interface Start {
  /** Put before bwrap. */
  readonly prefix: readonly string[]
  /** Arguments of bwrap. They go through a pipe: a list of processes shows everybody what stands in a command, and secrets may be among them. */
  readonly walls: readonly string[]
  readonly command: readonly string[]
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  readonly limits: SandboxLimits
  /** Folders whose files count as written. */
  readonly written: readonly string[]
}

export interface Started {
  readonly child: ChildProcess
  /** What was written to descriptor 3. */
  readonly told: Readable
  readonly ended: Promise<ProcessEnd>
  kill(): void
}

/** Runs a command that brings its own walls; all of it ends with its first process, which ends with this one. */
export function start({ prefix, walls, command, timeoutMs, signal, limits, written }: Start): Started {
  const filtered = FILTER === null ? [] : ['--seccomp', '5']
  const [program = '', ...words] = [...prefix, 'bwrap', '--args', '4', ...filtered, '--', ...command]
  const stdio = ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'] as const
  const child = spawn(program, words, { stdio: [...stdio], env: ENV, cwd: '/' })
  child.stdin.on('error', () => undefined)
  give(child, 4, walls.map((word) => `${word}\0`).join(''))
  give(child, 5, FILTER ?? '')
  let timedOut = false
  let limit: ProcessEnd['limit']
  const kill = (): void => end(child)
  const stopWatching =
    child.pid === undefined
      ? () => undefined
      : watch(child.pid, written, limits, (met) => {
          limit = met
          kill()
        })
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true
          kill()
        }, timeoutMs)
  signal?.addEventListener('abort', kill, { once: true })
  if (signal?.aborted === true) kill()
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, timedOut, ...(limit === undefined ? {} : { limit }) }))
  }).finally(() => {
    stopWatching()
    clearTimeout(timer)
    signal?.removeEventListener('abort', kill)
  })
  return { child, told: child.stdio[3] as Readable, ended, kill }
}

const FILTER = systemCallFilter()

function give(child: ChildProcess, descriptor: number, content: string | Uint8Array): void {
  const pipe = child.stdio[descriptor] as Duplex | null | undefined
  // A program that could not begin says so itself.
  pipe?.on('error', () => undefined)
  pipe?.end(content)
  pipe?.resume()
}

/**
 * bwrap's first process inside ends with it only once it has asked the kernel for that: ended in that moment, it would leave a sandbox behind.
 * Once bwrap is stopped it begins nothing, and what it began is ended first.
 */
function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGSTOP')
  for (const pid of childrenOf(child.pid)) endQuietly(pid)
  child.kill('SIGKILL')
}

function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return text === '' ? [] : text.split(' ').map(Number)
  } catch {
    return []
  }
}

function endQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was gone already.
  }
}

/** For the programs that build the walls: they find each other, and the payload's environment is its own. */
const ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }
