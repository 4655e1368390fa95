import { done, failed, type Result } from '../../../nouns/index.js'
import { stopped } from './failures.js'
import type { Outcome } from './http.js'

export interface Patience {
  /** Requests at most. */
  readonly attempts: number
  /** Before the second; doubled each time. */
  readonly firstMs: number
  readonly longestMs: number
}

/** Waits as long as the service asks, else longer each time, with some chance so that many do not come back at once. */
export const pauseOf = ({ firstMs, longestMs }: Patience, attempt: number, asked: number | null): number =>
  asked === null
    ? Math.min(longestMs, firstMs * 2 ** attempt) * (0.5 + Math.random() / 2)
    : Math.min(asked, LONGEST_ASKED)

const LONGEST_ASKED = 15 * 60_000

/** For requests that do no harm when they are done twice. */
export async function repeat<T>(
  attempt: () => Promise<Outcome<T>>,
  patience: Patience,
  signal: AbortSignal | undefined,
): Promise<Result<T>> {
  for (let count = 1; ; count += 1) {
    const outcome = await attempt()
    if (outcome.kind === 'answer') return done(outcome.value)
    if (outcome.kind === 'refused' || outcome.kind === 'stopped') return failed(outcome.failure)
    if (count >= patience.attempts) return failed(outcome.failure)
    if (!(await pause(pauseOf(patience, count - 1, outcome.waitMs), signal))) return failed(stopped)
  }
}

/** False where it was stopped. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve(false)
      return
    }
    const stop = (): void => {
      clearTimeout(timer)
      resolve(false)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve(true)
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
