import { mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'

/** Nothing of anybody's configuration takes part: no hook, no filter, no template. */
const SETTINGS = ['core.hooksPath=/dev/null', 'protocol.file.allow=always', 'advice.detachedHead=false', 'gc.auto=0']

/** The branch that work goes on in. */
const BRANCH = 'main'

export interface CheckedOut {
  /** The commit in full. */
  readonly commit: string
  /** What of the repository is not there: a line each. */
  readonly lacks: readonly string[]
}

/** The full name of a commit. Failures: `repository.commit`, `repository.git`. */
export async function resolveCommit(repository: string, commit: string): Promise<Result<string>> {
  if (!/^\w/.test(commit)) return failed(notThere('this is the name of no commit', commit))
  const said = await git([
    '-C',
    repository,
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${commit}^{commit}`,
  ])
  if (!said.ok) return said
  const { exitCode, stdout, stderr } = said.value
  const problem = stderr.trim() === '' ? `there is no commit ${commit}` : stderr.trim()
  return exitCode === 0 ? done(stdout.trim()) : failed(notThere(problem, repository))
}

/**
 * A repository of this machine at one commit, in a folder of its own, with that commit's history and nothing else of it: what came later may be
 * the solution, and no branch, tag, or address of the repository shows it. Failures: `repository.commit`, `repository.git`.
 */
export async function checkOut(repository: string, commit: string, folder: string): Promise<Result<CheckedOut>> {
  const resolved = await resolveCommit(repository, commit)
  if (!resolved.ok) return resolved
  await mkdir(folder, { recursive: true })
  const steps = [
    ['init', '--quiet', '--template=', `--initial-branch=${BRANCH}`, '--', folder],
    ['-C', folder, 'fetch', '--quiet', '--no-tags', '--', path.resolve(repository), resolved.value],
    ['-C', folder, 'reset', '--quiet', '--hard', resolved.value, '--'],
  ]
  for (const step of steps) {
    const said = await git(step)
    if (!said.ok) return said
    if (said.value.exitCode !== 0) return failed(notThere(said.value.stderr.trim(), repository))
  }
  for (const name of ['FETCH_HEAD', 'ORIG_HEAD']) await rm(path.join(folder, '.git', name), { force: true })
  return done({ commit: resolved.value, lacks: await lacking(folder) })
}

async function lacking(folder: string): Promise<readonly string[]> {
  const textOf = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8').catch(() => '')
  const modules = await textOf('.gitmodules')
  const attributes = await textOf('.gitattributes')
  return [
    ...(modules.trim() === '' ? [] : ['its submodules are not checked out']),
    ...(attributes.includes('filter=lfs') ? ['files kept by Git LFS are their pointers'] : []),
  ]
}

async function git(
  args: readonly string[],
): Promise<Result<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>> {
  const { execa } = await import('execa')
  const ended = await execa('git', [...SETTINGS.flatMap((setting) => ['-c', setting]), ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  })
  if (ended.code === 'ENOENT') return failed(NO_GIT)
  return done({ exitCode: ended.exitCode ?? 1, stdout: ended.stdout, stderr: ended.stderr })
}

const NO_GIT: Failure = {
  kind: 'missing',
  code: 'repository.git',
  message: 'there is no git here, and the query starts in a repository',
  remedy: 'install git',
}

const notThere = (message: string, where: string): Failure => ({
  kind: 'input',
  code: 'repository.commit',
  message,
  where,
  remedy: 'look at `start.repository` of the query: its path is relative to the project',
})
