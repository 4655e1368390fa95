import path from 'node:path'
import type { ExecOptions, ExecResult, SandboxLimits } from '../sandbox.js'
import { asText, collect } from '../collected.js'
import { confine, WORKSPACE, type Confinement } from './confine.js'
import type { Place } from './place.js'
import { start, type Start, type Started } from './start.js'
import { shellWithin } from './wrapper.js'

/** What a sandbox knows of itself. */
export interface Setting {
  readonly place: Place
  readonly limits: SandboxLimits
  readonly readable: readonly string[]
  readonly tools: readonly string[]
}

/** What builds the walls, for one process. */
export const wallsOf = (
  { place, readable, tools }: Setting,
  more: Partial<Pick<Confinement, 'cwd' | 'bridge' | 'env' | 'network'>>,
): Pick<Start, 'prefix' | 'walls'> => ({
  prefix: place.prefix(),
  walls: confine({
    ...{ workspace: place.workspace, home: place.home, readable, tools },
    users: { passwd: place.folder('passwd'), group: place.folder('group') },
    ...{ cwd: WORKSPACE, env: {}, network: 'none', ...more },
  }),
})

export interface Ran extends ExecResult {
  /** Where the command ended; null where it did not say. */
  readonly folder: string | null
}

const MAX_FOLDER_BYTES = 4096
const WORDS = { memory: 'the processes held more memory than', workspace: 'the workspace holds more than' } as const

/** A command of a shell, from a folder on. */
export async function runShell(
  setting: Setting,
  command: string,
  folder: string,
  { timeoutMs, signal }: ExecOptions,
  more: Pick<Confinement, 'network' | 'env'>,
): Promise<Ran> {
  const { limits, place } = setting
  const started = start({
    ...wallsOf(setting, more),
    command: shellWithin(command, folder, limits),
    ...{ timeoutMs: Math.max(1, Math.ceil(timeoutMs ?? limits.timeoutMs)), signal, limits, written: place.written },
  })
  started.child.stdin?.end()
  const [stdout, stderr, told, end] = await outputOf(started, limits.maxOutputBytes)
  const [out, err] = [asText(stdout), asText(stderr)]
  const met = end.limit === undefined ? '' : wordsOf(end.limit, limits)
  const ended = told.toString('utf8').trimEnd()
  return {
    ...{ stdout: out.text, stderr: err.text + met, timedOut: end.timedOut, truncatedBytes: out.left + err.left },
    exitCode: end.timedOut ? 124 : (end.exitCode ?? 137),
    folder: path.posix.isAbsolute(ended) && !ended.includes('\0') ? ended : null,
  }
}

async function outputOf({ child, told, ended }: Started, most: number) {
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new Error('a process without pipes')
  const [out, err, folder, end] = await Promise.all([
    collect(stdout, most),
    collect(stderr, most),
    collect(told, MAX_FOLDER_BYTES),
    ended,
  ])
  return [out, err, folder.left > 0 ? Buffer.alloc(0) : folder.bytes, end] as const
}

function wordsOf(limit: keyof typeof WORDS, { maxMemoryBytes, maxWorkspaceBytes }: SandboxLimits): string {
  return `limi: ${WORDS[limit]} ${limit === 'memory' ? maxMemoryBytes : maxWorkspaceBytes} bytes: stopped\n`
}
