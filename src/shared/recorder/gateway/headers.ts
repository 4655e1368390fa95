import type { RawHeaders } from '../headers.js'

/** They are of one connection, not of the message (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
  // Answered here: the body is asked for at once.
  'expect',
])
const EXPECTS_BODY = new Set(['POST', 'PUT', 'PATCH'])

/** What of a request's headers goes to the upstream: its host, no compression, the same kind of body. */
export function towardsUpstream(raw: RawHeaders, host: string, method: string): string[] {
  const set: Readonly<Record<string, string>> = { host, 'accept-encoding': 'identity' }
  const sent: string[] = []
  const seen = new Set<string>()
  for (const { name, lower, value } of endToEnd(raw)) {
    seen.add(lower)
    sent.push(name, set[lower] ?? value)
  }
  if (!seen.has('host')) sent.push('Host', host)
  if (!seen.has('accept-encoding')) sent.push('Accept-Encoding', 'identity')
  if (isChunked(raw)) sent.push('Transfer-Encoding', 'chunked')
  else if (!seen.has('content-length') && EXPECTS_BODY.has(method)) sent.push('Content-Length', '0')
  return sent
}

/** What of an answer's headers goes to the agent. */
export function towardsAgent(raw: RawHeaders): string[] {
  const sent: string[] = []
  for (const { name, value } of endToEnd(raw)) sent.push(name, value)
  return sent
}

export const isChunked = (raw: RawHeaders): boolean => /chunked/i.test(valuesOf(raw, 'transfer-encoding').join())

/** All values of a header, whose name is given in lower case. */
export const valuesOf = (raw: RawHeaders, wanted: string): string[] =>
  raw.filter((_, at) => {
    const name = at % 2 === 1 ? (raw[at - 1] ?? '') : ''
    return name.length === wanted.length && name.toLowerCase() === wanted
  })

interface Header {
  readonly name: string
  readonly lower: string
  readonly value: string
}

/** Without what is of the connection, by its name or because the connection says so. */
function endToEnd(raw: RawHeaders): Header[] {
  const named = valuesOf(raw, 'connection').flatMap((value) => value.split(',').map((one) => one.trim().toLowerCase()))
  const kept: Header[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at], raw[at + 1]]
    const lower = name.toLowerCase()
    if (!HOP_BY_HOP.has(lower) && !named.includes(lower)) kept.push({ name, lower, value })
  }
  return kept
}
