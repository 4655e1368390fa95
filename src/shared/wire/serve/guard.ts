import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import type { WireDialect, WireProblem } from '../dialect.js'
import { strangePage, WRONG_KEY } from './problems.js'
import { reply } from './reply.js'

/** Names of this machine to itself. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/

export const isLoopback = (host: string): boolean => LOOPBACK.test(host)

/** Who may ask: whoever knows the key; without one, whatever runs on this machine but web pages of other hosts. */
export function guard(apiKey: string | undefined, dialectOf: (context: Context) => WireDialect): MiddlewareHandler {
  return async (context, next) => {
    const problem = refusal(context, apiKey)
    return problem === null ? next() : reply(context, dialectOf(context), problem)
  }
}

function refusal({ req }: Context, apiKey: string | undefined): WireProblem | null {
  if (apiKey !== undefined) return keysOf(req).some((key) => sameText(key, apiKey)) ? null : WRONG_KEY
  const origin = req.header('origin')
  return origin === undefined || isLoopback(hostOf(origin)) ? null : strangePage(origin)
}

/** Where clients of the four dialects put their key. */
const keysOf = (req: Context['req']): readonly string[] =>
  [
    req.header('authorization')?.replace(/^Bearer\s+/i, ''),
    req.header('x-api-key'),
    req.header('x-goog-api-key'),
    req.query('key'),
  ].filter((key) => key !== undefined)

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : ''
}

/** In a time that tells nothing of where they differ. */
const sameText = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
