import { spawn } from 'node:child_process'
import os from 'node:os'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'

export interface ChildPlan {
  readonly command: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** Where its standard output goes: this process's own, or its standard error. */
  readonly output: 'stdout' | 'stderr'
  readonly signal?: AbortSignal
}

/** How a program ended. */
export interface ChildEnd {
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const STDERR = 2

/**
 * Runs a person's program on this process's own terminal, and waits for its end. An aborted signal ends it: first by asking, after ten seconds
 * by force. Failures: `record.command` where it cannot be started.
 */
export function runChild({ command, env, cwd, output, signal }: ChildPlan): Promise<Result<ChildEnd>> {
  const [program = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ['inherit', output === 'stdout' ? 'inherit' : STDERR, 'inherit'],
    })
    let force: NodeJS.Timeout | undefined
    const stop = (): void => {
      child.kill('SIGTERM')
      force = setTimeout(() => child.kill('SIGKILL'), 10_000)
    }
    const finish = (result: Result<ChildEnd>): void => {
      clearTimeout(force)
      signal?.removeEventListener('abort', stop)
      resolve(result)
    }
    child.once('error', (error) => finish(failed(notStarted(program, error))))
    child.once('close', (code, by) => finish(done({ code, signal: by })))
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

/** As a shell tells it. */
export const exitCodeOf = ({ code, signal }: ChildEnd): number =>
  code ?? 128 + (signal === null ? 0 : os.constants.signals[signal])

function notStarted(program: string, error: NodeJS.ErrnoException): Failure {
  const absent = error.code === 'ENOENT'
  return {
    kind: absent ? 'missing' : 'input',
    code: 'record.command',
    message: absent ? `there is no program ${JSON.stringify(program)} here` : error.message,
    where: program,
    remedy: 'install it, or give its path: limi record -- PATH ARGUMENTS…',
  }
}
