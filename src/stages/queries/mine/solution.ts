import { done, failed, type Query, type Result } from '../../../nouns/index.js'
import { gitText, SAFE_LOG } from './git.js'

/**
 * The lines that a mined query's own commit added: how a person solved it. None of a query that was not mined. `repository` is its folder.
 * Failures: those of git.
 */
export async function solutionLines(
  { source }: Query,
  repository: string,
  signal?: AbortSignal,
): Promise<Result<readonly string[]>> {
  if (source.kind !== 'mined') return done([])
  if (!/^[0-9a-f]{7,64}$/u.test(source.head)) return failed(noCommit(source.head))
  const patch = await gitText(repository, ['log', '-1', '-p', '--format=', ...SAFE_LOG, source.head, '--'], signal)
  if (!patch.ok) return patch
  const added = patch.value.split('\n').filter((line) => line.startsWith('+') && !line.startsWith('+++ '))
  return done(added.map((line) => line.slice(1)).filter((line) => line.trim() !== ''))
}

const noCommit = (head: string) => ({
  kind: 'input' as const,
  code: 'git.failed',
  message: `${JSON.stringify(head)} is the name of no commit`,
})
