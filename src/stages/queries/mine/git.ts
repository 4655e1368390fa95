import type { execa as Execa } from 'execa'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { diskFailure } from '../../../shared/project/index.js'

/**
 * Nothing of the repository may run: no hook, pager, monitor, signature program or transport that its configuration names.
 * Command-line settings outrank the repository's own.
 */
const SETTINGS = [
  'core.fsmonitor=',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.sshCommand=false',
  'credential.helper=',
  'diff.external=',
  'log.showSignature=false',
  'log.showRoot=true',
  'protocol.allow=never',
  'safe.directory=*',
]

/** The options of `git log` that keep it from starting programs, and its output independent of anyone's settings. */
export const SAFE_LOG = [
  ...['--no-ext-diff', '--no-textconv', '--no-show-signature', '--no-color', '--no-renames', '--no-relative'],
  ...['--no-diff-merges', '--no-notes', '--no-mailmap', '--diff-algorithm=default', '--submodule=short'],
  ...['--ignore-submodules=none', '--encoding=UTF-8'],
]

/** What git is given of the environment: none of the caller's GIT_ variables, and no transport at all. */
function environment(folder: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    ...(process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] }),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: '',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_PAGER: 'cat',
    // A folder inside somebody else's repository is not that repository.
    GIT_CEILING_DIRECTORIES: path.dirname(path.resolve(folder)),
  }
}

function start(execa: typeof Execa, folder: string, args: readonly string[], signal: AbortSignal | undefined) {
  const settings = SETTINGS.flatMap((setting) => ['-c', setting])
  return execa('git', [...settings, '--no-pager', '-C', path.resolve(folder), ...args], {
    env: environment(folder),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    encoding: 'buffer',
    buffer: { stdout: false, stderr: true },
    maxBuffer: 1 << 20,
    cancelSignal: signal,
  })
}

/** Runs git in a folder and gives its output as it comes; its failure is thrown as a value at the end. */
export async function* gitStream(
  folder: string,
  args: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, Result<void>> {
  if (isAborted(signal)) return failed(INTERRUPTED)
  // Loaded where it is needed: most commands that read queries run no git.
  const { execa } = await import('execa')
  const running = start(execa, folder, args, signal)
  try {
    for await (const chunk of running.iterable({ from: 'stdout', binary: true, preserveNewlines: true })) yield chunk
  } catch {
    // Its end says why.
  }
  const ended = await running
  // git may end before the signal reaches it.
  if (isAborted(signal) || ended.isCanceled) return failed(INTERRUPTED)
  if (ended.exitCode === 0) return done(undefined)
  if (ended.code === 'ENOENT') return failed(ABSENT)
  return failed(gitFailed(folder, Buffer.from(ended.stderr).toString('utf8')))
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

/** The output of a short command, decoded and trimmed. */
export async function gitText(folder: string, args: readonly string[], signal?: AbortSignal): Promise<Result<string>> {
  const chunks: Uint8Array[] = []
  const stream = gitStream(folder, args, signal)
  for (;;) {
    const next = await stream.next()
    if (next.done !== true) {
      chunks.push(next.value)
      continue
    }
    return next.value.ok ? done(Buffer.concat(chunks).toString('utf8').trim()) : next.value
  }
}

/** Fails where there is no such folder: a missing working folder would look like a missing git. */
export async function checkFolder(folder: string): Promise<Result<void>> {
  try {
    if ((await stat(folder)).isDirectory()) return done(undefined)
    return failed(notARepository(folder))
  } catch (error) {
    return failed(diskFailure(error, folder))
  }
}

const ABSENT: Failure = {
  kind: 'missing',
  code: 'git.absent',
  message: 'git is not installed, or not on the PATH',
  remedy: 'install git, then run the same command again',
}

const INTERRUPTED: Failure = {
  kind: 'interrupted',
  code: 'mine.interrupted',
  message: 'mining was stopped',
  remedy: 'run the same command again',
}

const notARepository = (where: string): Failure => ({
  kind: 'input',
  code: 'git.not-a-repository',
  message: 'this folder is not a git repository',
  where,
  remedy: 'name the folder that holds .git, or a bare repository',
})

function gitFailed(where: string, said: string): Failure {
  if (said.includes('not a git repository')) return notARepository(where)
  const message =
    said
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/\p{Cc}/gu, '�') ?? ''
  return {
    kind: 'underway',
    code: 'git.failed',
    message: `git could not read this repository: ${message === '' ? 'it gave no reason' : message}`,
    where,
    remedy: 'look at it with `git fsck`; a partial clone must be completed first, since nothing is fetched here',
  }
}
