import { done, failed, type Failure, type Result } from '../../../nouns/index.js'

/** Nothing of anybody's configuration takes part: no hook, no filter, no template. */
const SETTINGS = ['core.hooksPath=/dev/null', 'protocol.file.allow=always', 'advice.detachedHead=false']

/** A repository on this machine at one commit, in a folder of its own. Failures: `record.repository`, `record.git`. */
export async function checkOut(repository: string, commit: string, folder: string): Promise<Result<void>> {
  if (!/^\w/.test(commit)) return failed(notThere('this is the name of no commit', commit))
  const cloned = await git(['clone', '--quiet', '--no-checkout', '--template=', '--', repository, folder])
  if (!cloned.ok) return cloned
  return git(['-C', folder, 'checkout', '--quiet', '--detach', commit, '--'])
}

async function git(args: readonly string[]): Promise<Result<void>> {
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
  return ended.exitCode === 0 ? done(undefined) : failed(notThere(ended.stderr.trim(), args.at(-2) ?? ''))
}

const NO_GIT: Failure = {
  kind: 'missing',
  code: 'record.git',
  message: 'there is no git here, and the query starts in a repository',
  remedy: 'install git',
}

const notThere = (message: string, where: string): Failure => ({
  kind: 'input',
  code: 'record.repository',
  message,
  where,
  remedy: 'look at `start.repository` of the query: its path is relative to the project',
})
