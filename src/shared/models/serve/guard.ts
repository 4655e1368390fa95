import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { wireError } from './errors.js'

/** Names of this machine to itself. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/

export const isLoopback = (host: string): boolean => LOOPBACK.test(host)

/** Who may ask: whoever knows the key; without one, whatever runs on this machine but web pages of other hosts. */
export function guard(apiKey: string | undefined): MiddlewareHandler {
  return async (context, next) => {
    const { status, body } = refusal(context.req.header('authorization'), context.req.header('origin'), apiKey) ?? {}
    if (body === undefined || status === undefined) return next()
    return context.json(body, status)
  }
}

function refusal(authorization: string | undefined, origin: string | undefined, apiKey: string | undefined) {
  if (apiKey !== undefined) {
    const key = authorization?.replace(/^Bearer\s+/i, '') ?? ''
    return sameText(key, apiKey) ? null : wireError(401, 'invalid_api_key', 'Incorrect API key provided.')
  }
  if (origin === undefined || isLoopback(hostOf(origin))) return null
  return wireError(403, 'origin_refused', `A page of ${origin} may not use this server without a key.`)
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : ''
}

/** In a time that tells nothing of where they differ. */
const sameText = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
