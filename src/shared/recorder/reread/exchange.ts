import type { AgentHabits } from '../../agents/index.js'
import type { RecordedCall } from '../call.js'
import { LogFault, type RawCall } from '../log/index.js'
import { placeOf, queryOf, type Place } from '../place.js'
import { LARGEST_HELD, LARGEST_STREAMED, readCall, type RawExchange } from '../scribe/index.js'

/** What the recorder says of a call that it ends because the recording does. */
const CUT = 'the recording ended before the answer did'

/** Why a call cannot be told; `isLost` where the log does not hold all of it any more. */
export interface Unread {
  readonly unread: string
  readonly isLost?: true
}

/** A call of the log to a model; null where it is no such call. */
export async function callOf(
  raw: RawCall,
  routes: Readonly<Record<string, string>>,
  habits: AgentHabits,
): Promise<RecordedCall | Unread | null> {
  const place = calledPlace(raw, routes)
  if (place?.operation.kind !== 'generate') return null
  try {
    const exchange = await exchangeOf(raw)
    if (!isTime(exchange)) return { unread: 'its time is none', isLost: true }
    return readCall(exchange, { ...place, habits })
  } catch (error) {
    if (!(error instanceof LogFault)) throw error
    return { unread: error.message, isLost: true }
  }
}

const isTime = ({ time, durationMs = 0 }: RawExchange): boolean =>
  !Number.isNaN(new Date(Date.parse(time) + durationMs).getTime())

function calledPlace({ method, url, route }: RawCall, routes: Readonly<Record<string, string>>): Place | null {
  const [path = ''] = url.split('?', 1)
  return placeOf(method, `${basePathOf(routes[route] ?? '')}${path}`, queryOf(url))
}

/** Of what was written of a route: a base URL, or a model's name. */
function basePathOf(route: string): string {
  if (!/^https?:/i.test(route) || !URL.canParse(route)) return ''
  return new URL(route).pathname.replace(/\/+$/, '')
}

async function exchangeOf(raw: RawCall): Promise<RawExchange> {
  const { id, time, headers, status, how } = raw
  const asked = raw.encoding === undefined ? await raw.requestBody(LARGEST_HELD) : null
  const said = raw.responseEncoding === undefined ? await saidIn(raw) : { text: null, ms: 0 }
  const isCut = how === undefined
  const problem = isCut ? CUT : raw.problem
  return {
    ...{ id, time, headers, requestText: asked?.toString('utf8') ?? null, how: how ?? 'cut' },
    durationMs: raw.durationMs ?? said.ms,
    ...(status === undefined ? {} : { status }),
    responseText: status === undefined ? null : said.text,
    ...(problem === undefined ? {} : { problem }),
  }
}

/** What came of an answer, and when the last of it did. */
async function saidIn(raw: RawCall): Promise<{ readonly text: string; readonly ms: number }> {
  const pieces: Buffer[] = []
  let [bytes, last] = [0, 0]
  for await (const { ms, bytes: piece } of raw.response()) {
    bytes += piece.length
    last = ms
    if (bytes > LARGEST_STREAMED) break
    pieces.push(piece)
  }
  return { text: Buffer.concat(pieces).toString('utf8'), ms: last }
}
