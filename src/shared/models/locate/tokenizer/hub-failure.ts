import type { Failure } from '../../../../nouns/index.js'
import { diskFailure } from '../../../project/index.js'

/** What an error of the hub's library means. */
export function hubFailure(error: unknown, repository: string, signal?: AbortSignal): Failure {
  const where = `hub:${repository}`
  const message = error instanceof Error ? error.message : String(error)
  if (signal?.aborted === true)
    return { kind: 'interrupted', code: 'interrupted', message: 'the fetch was stopped', where, remedy: AGAIN }
  const status = statusOf(error)
  if (status === 401 || status === 403) return { kind: 'input', code: 'hub.refused', message, where, remedy: TOKEN }
  if (status === 404)
    return { kind: 'input', code: 'model.absent', message, where, remedy: `check the name and the revision; ${TOKEN}` }
  if (status !== null) return { kind: 'underway', code: 'hub.refused', message, where, remedy: AGAIN }
  if (isOfTheDisk(error)) return diskFailure(error, where)
  return {
    kind: 'missing',
    code: 'network.unreachable',
    message: `the hub does not answer: ${[message, causeOf(error)].filter((part) => part !== '').join(': ')}`,
    where,
    remedy: 'connect to the network, or set HF_ENDPOINT to a mirror you can reach; what was fetched once needs none',
  }
}

const AGAIN = 'run the same command again'
const TOKEN = 'a private or gated repository needs HF_TOKEN, and access asked for on its page'

const statusOf = (error: unknown): number | null =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null

const isOfTheDisk = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^E(NOSPC|ACCES|ROFS|PERM|DQUOT)$/.test(String(error.code))

const causeOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message : ''
