import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** A request that may go on: the route's name, and path and query after it. */
export interface Admitted {
  readonly route: string
  readonly rest: string
}

/** Why it may not. */
export interface Refused {
  readonly status: 403 | 404
  readonly message: string
}

/** Names of this machine to itself. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/**
 * Who may ask: programs that know the run's token. A page of a web site may not, even under a name that it made point to this machine
 * (DNS rebinding), or with a token that it found.
 */
export function admit(request: IncomingMessage, token: string): Admitted | Refused {
  const { host, origin } = request.headers
  if (host !== undefined && !isLoopback(`http://${host}`)) {
    return { status: 403, message: 'This address answers to this machine’s own name only.' }
  }
  if (origin !== undefined && !isLoopback(origin))
    return { status: 403, message: 'Web pages may not use this address.' }
  const [, given = '', route = '', rest = ''] = /^\/([^/?]*)(?:\/([^/?]*))?(.*)$/s.exec(request.url ?? '') ?? []
  if (!sameText(given, token)) return { status: 404, message: 'There is nothing here.' }
  return { route, rest }
}

const isLoopback = (url: string): boolean => URL.canParse(url) && LOOPBACK.test(new URL(url).hostname)

/** In a time that tells nothing of where they differ. */
const sameText = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
