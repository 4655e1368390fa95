import { Bash, type InMemoryFs } from 'just-bash'
import type { ExecOptions, ExecResult } from '../sandbox.js'
import type { VirtualLimits } from './limits.js'
import { cutToBytes } from './output.js'
import { resolveInWorkspace, WORKSPACE } from './paths.js'

/** Bytes that one command may write in all, to the terminal, pipes and files, before it is stopped. */
const MAX_COMMAND_BYTES = 64 * 1024 * 1024

interface Shell {
  exec(command: string, options?: ExecOptions): Promise<ExecResult>
  enter(path: string): Promise<void>
}

/** A shell that remembers one thing between commands: the folder it is in. */
export function openShell(fs: InMemoryFs, limits: VirtualLimits): Shell {
  const shells = new Map<number, Bash>()
  let folder = WORKSPACE

  const shellWithin = (timeoutMs: number): Bash => {
    const known = shells.get(timeoutMs)
    if (known !== undefined) return known
    const shell = newShell(fs, timeoutMs)
    // Callers may ask for a new time limit with every command: only the latest few are worth keeping.
    if (shells.size >= 2) shells.clear()
    shells.set(timeoutMs, shell)
    return shell
  }

  return {
    async enter(path) {
      folder = await resolveInWorkspace(fs, path)
    },
    async exec(command, options = {}) {
      const timeoutMs = Math.max(1, Math.ceil(options.timeoutMs ?? limits.timeoutMs))
      const wanted = options.cwd === undefined ? folder : await resolveInWorkspace(fs, options.cwd)
      const start = await existing(fs, wanted)
      const began = performance.now()
      const result = await run(shellWithin(timeoutMs), command, start.folder, options.signal)
      if (options.cwd === undefined) folder = result.folder ?? start.folder
      const timedOut = result.exitCode === 124 && performance.now() - began >= timeoutMs
      return limited({ ...result, stderr: start.note + result.stderr }, timedOut, limits)
    },
  }
}

function newShell(fs: InMemoryFs, timeoutMs: number): Bash {
  return new Bash({
    fs,
    cwd: WORKSPACE,
    env: { HOME: WORKSPACE, USER: 'user', LANG: 'C.UTF-8' },
    executionLimits: { maxExecutionTimeMs: timeoutMs, maxOutputSize: MAX_COMMAND_BYTES },
  })
}

interface Ran {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
  readonly folder: string | null
}

async function run(shell: Bash, command: string, cwd: string, signal: AbortSignal | undefined): Promise<Ran> {
  try {
    const { stdout, stderr, exitCode, env } = await shell.exec(command, { cwd, signal, rawScript: true })
    return { stdout, stderr: plain(stderr), exitCode, folder: env.PWD ?? null }
  } catch (error) {
    // What a model wrote may break the shell itself: that is the command's failure, not ours.
    const message = error instanceof Error ? error.message : String(error)
    return { stdout: '', stderr: `bash: ${message}\n`, exitCode: 126, folder: null }
  }
}

/** The shell's own advice to its embedder means nothing to who typed the command. */
const plain = (stderr: string): string =>
  stderr.replace(/command not available in browser environments\.[^\n]*/g, 'command not found')

/** The folder to start in; a deleted one cannot be, and the command is told. */
async function existing(fs: InMemoryFs, folder: string): Promise<{ folder: string; note: string }> {
  const isThere = (await fs.exists(folder)) && (await fs.stat(folder)).isDirectory
  if (isThere) return { folder, note: '' }
  return { folder: WORKSPACE, note: `bash: ${folder} is gone: back in ${WORKSPACE}\n` }
}

function limited(ran: Ran, timedOut: boolean, limits: VirtualLimits): ExecResult {
  const stdout = cutToBytes(ran.stdout, limits.maxOutputBytes)
  const stderr = cutToBytes(ran.stderr, limits.maxOutputBytes)
  return {
    stdout: stdout.text,
    stderr: stderr.text,
    exitCode: ran.exitCode,
    timedOut,
    truncatedBytes: stdout.left + stderr.left,
  }
}
