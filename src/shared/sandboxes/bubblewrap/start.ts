import { spawn, type ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { ProcessEnd, SandboxLimits } from '../sandbox.js'
import { watch } from './watch.js'

export interface Start {
  readonly command: readonly string[]
  /** What is given to its standard input at once; piped where not given. */
  readonly input?: Uint8Array
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
export function start({ command, timeoutMs, signal, limits, written }: Start): Started {
  const [program = '', ...words] = command
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env: ENV, cwd: '/' })
  child.stdin?.on('error', () => undefined)
  let timedOut = false
  let limit: ProcessEnd['limit']
  const kill = (): void => void child.kill('SIGKILL')
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

/** For the programs that build the walls: they find each other, and the payload's environment is its own. */
const ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }
