import type { Failure } from '../../../nouns/index.js'
import { diskFailure } from '../../../shared/project/index.js'

const AGAIN = 'run the same command again: what the hub has already is not sent twice'

/** Why a token cannot be one; null where it may be. */
export function tokenFailure(token: string | undefined): Failure | null {
  if (token === undefined || token === '') {
    const remedy = 'make a token with write access on the hub, and set HF_TOKEN to it'
    return { kind: 'missing', code: 'hub.token', message: 'HF_TOKEN is not set', where: 'HF_TOKEN', remedy }
  }
  if (/^hf_\S+$/.test(token)) return null
  const message = 'HF_TOKEN is no token of a hub: these begin with hf_ and hold no white space'
  return { kind: 'input', code: 'hub.token', message, where: 'HF_TOKEN', remedy: 'correct it' }
}

/** What an error on the way means; the token is never part of it. */
export function pushFailure(error: unknown, repository: string, token: string, signal?: AbortSignal): Failure {
  const where = `hub:${repository}`
  const message = messageOf(error).replaceAll(token, 'HF_TOKEN')
  if (signal?.aborted === true) {
    return { kind: 'interrupted', code: 'interrupted', message: 'the push was stopped', where, remedy: AGAIN }
  }
  const status = statusOf(error)
  if (status === 401 || status === 403) {
    const remedy = 'give HF_TOKEN write access to this owner, or name a repository of your own'
    return { kind: 'input', code: 'hub.refused', message, where, remedy }
  }
  if (status === 404)
    return { kind: 'input', code: 'hub.absent', message, where, remedy: 'check the owner and the name' }
  if (status === 400 || status === 413 || status === 422) {
    return { kind: 'input', code: 'hub.refused', message, where, remedy: 'the hub says what it does not take' }
  }
  if (status !== null) return { kind: 'underway', code: 'hub.refused', message, where, remedy: AGAIN }
  if (isTimeout(error)) {
    return { kind: 'underway', code: 'hub.stalled', message: 'the hub gave no answer in time', where, remedy: AGAIN }
  }
  if (isOfTheDisk(error)) return diskFailure(error, where)
  return {
    kind: 'missing',
    code: 'network.unreachable',
    message,
    where,
    remedy: `connect to the network, or set HF_ENDPOINT; ${AGAIN}`,
  }
}

export const pushCut = (repository: string, files: readonly string[]): Failure => ({
  kind: 'underway',
  code: 'hub.cut',
  message: `the hub does not hold what was sent: ${files.join(', ')}`,
  where: `hub:${repository}`,
  remedy: AGAIN,
})

export const isPublic = (repository: string): Failure => ({
  kind: 'input',
  code: 'hub.public',
  message: `${repository} is there and public, and a private one was asked for: nothing was sent`,
  where: `hub:${repository}`,
  remedy: 'make it private on the hub, name another one, or leave --private out',
})

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

const statusOf = (error: unknown): number | null =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')

const isOfTheDisk = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^E(NOENT|NOSPC|ACCES|ROFS|PERM|DQUOT)$/.test(String(error.code))
