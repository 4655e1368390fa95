import type { HeaderPairs } from '../redact/index.js'

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

/** Node's flat list of names and values as pairs; the case and order of names stay. */
export function pairsOf(raw: readonly string[]): HeaderPairs {
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? '', raw[at + 1] ?? ''])
  return pairs
}

/** What of a request's headers goes to the upstream, as Node's flat list: its host, no compression, the same kind of body. */
export function towardsUpstream(raw: readonly string[], host: string, method: string): string[] {
  const pairs = endToEnd(pairsOf(raw))
  const sent = pairs.map(([name, value]): readonly [string, string] => {
    const lower = name.toLowerCase()
    if (lower === 'host') return [name, host]
    return lower === 'accept-encoding' ? [name, 'identity'] : [name, value]
  })
  const has = (name: string): boolean => sent.some(([key]) => key.toLowerCase() === name)
  const more: [string, string][] = []
  if (!has('host')) more.push(['Host', host])
  if (!has('accept-encoding')) more.push(['Accept-Encoding', 'identity'])
  if (isChunked(raw)) more.push(['Transfer-Encoding', 'chunked'])
  else if (!has('content-length') && EXPECTS_BODY.has(method)) more.push(['Content-Length', '0'])
  return [...sent, ...more].flat()
}

const EXPECTS_BODY = new Set(['POST', 'PUT', 'PATCH'])

/** What of an answer's headers goes to the agent. */
export const towardsAgent = (raw: readonly string[]): string[] => endToEnd(pairsOf(raw)).flat()

export const isChunked = (raw: readonly string[]): boolean =>
  pairsOf(raw).some(([name, value]) => name.toLowerCase() === 'transfer-encoding' && /chunked/i.test(value))

/** Without what is of the connection, by its name or because the connection says so. */
function endToEnd(pairs: HeaderPairs): HeaderPairs {
  const named = pairs
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map((one) => one.trim().toLowerCase()))
  return pairs.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !named.includes(name.toLowerCase()))
}
