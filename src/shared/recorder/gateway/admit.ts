import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { valuesOf } from './headers.js'

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
/** How nearly every program writes where it goes: no need to read it as a URL. */
const PLAIN_LOOPBACK = /^(?:localhost|127\.0\.0\.1):\d{1,5}$/

/**
 * Who may ask: programs that know the run's token. A page of a web site may not, even under a name that it made point to this machine
 * (DNS rebinding), or with a token that it found.
 */
export function admit({ rawHeaders, url = '' }: IncomingMessage, token: string): Admitted | Refused {
  if (!valuesOf(rawHeaders, 'host').every((host) => PLAIN_LOOPBACK.test(host) || isLoopback(`http://${host}`))) {
    return { status: 403, message: 'This address answers to this machine’s own name only.' }
  }
  if (!valuesOf(rawHeaders, 'origin').every(isLoopback)) {
    return { status: 403, message: 'Web pages may not use this address.' }
  }
  const [, given = '', route = '', rest = ''] = /^\/([^/?]*)(?:\/([^/?]*))?(.*)$/s.exec(url) ?? []
  if (!isSame(given, token)) return { status: 404, message: 'There is nothing here.' }
  return { route, rest }
}

const isLoopback = (url: string): boolean => URL.canParse(url) && LOOPBACK.test(new URL(url).hostname)

/** In a time that tells nothing of where they differ; how long a token is, is no secret. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}
