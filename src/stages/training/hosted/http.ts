import { z } from 'zod'
import type { Failure } from '../../../nouns/index.js'
import { garbled, noAnswer, redirected, refusedBy, stopped } from './failures.js'

/** What came of one request. */
export type Outcome<T> =
  | { readonly kind: 'answer'; readonly value: T }
  /** The service said no, and will say so again. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** Not taken on: never sent, or put off (429). */
  | { readonly kind: 'later'; readonly failure: Failure; readonly waitMs: number | null }
  /** The answer was lost, or says that something broke: what was asked for may have been done. */
  | { readonly kind: 'lost'; readonly failure: Failure; readonly waitMs: number | null }
  | { readonly kind: 'stopped'; readonly failure: Failure }

export interface Call {
  readonly method: 'GET' | 'POST'
  /** Below the base URL, with its query. */
  readonly route: string
  readonly body?: string | FormData
  readonly timeoutMs?: number
}

export interface Service {
  /** With the API's version, as `https://host/v1`. */
  readonly baseUrl: string
  readonly key: string
  readonly requestMs: number
  /** For a whole file. */
  readonly uploadMs: number
  readonly signal?: AbortSignal
}

/** No answer of these endpoints comes near; a longer one is cut off and counts as lost. */
const ANSWER_BYTES = 16 * 1024 * 1024

/** One request, once. The key goes into its header and is taken out of whatever the service says. */
export async function send<Schema extends z.ZodType>(
  service: Service,
  call: Call,
  schema: Schema,
): Promise<Outcome<z.infer<Schema>>> {
  const url = `${service.baseUrl.replace(/\/+$/, '')}${call.route}`
  const timeout = AbortSignal.timeout(call.timeoutMs ?? service.requestMs)
  try {
    const { body, type } = await encoded(call.body)
    const response = await fetch(url, {
      method: call.method,
      headers: { authorization: `Bearer ${service.key}`, ...(type !== null && { 'content-type': type }) },
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal: service.signal === undefined ? timeout : AbortSignal.any([service.signal, timeout]),
    })
    const text = (await readText(response)).replaceAll(service.key, '[key]')
    return response.ok ? read(text, schema, url) : declined(response, text, url)
  } catch (error) {
    if (service.signal?.aborted === true) return { kind: 'stopped', failure: stopped }
    const failure = noAnswer(url, timeout.aborted ? 'no answer in time' : reasonOf(error))
    return { kind: wasSent(error) ? 'lost' : 'later', failure, waitMs: null }
  }
}

interface Encoded {
  readonly body: string | Uint8Array<ArrayBuffer> | undefined
  readonly type: string | null
}

/** A form is made into bytes first: Node 24's `fetch` fails outside of its promise where a form that is still being sent is cut off. */
async function encoded(body: Call['body']): Promise<Encoded> {
  if (!(body instanceof FormData)) return { body, type: body === undefined ? null : 'application/json' }
  const form = new Response(body)
  return { body: new Uint8Array(await form.arrayBuffer()), type: form.headers.get('content-type') }
}

function read<Schema extends z.ZodType>(text: string, schema: Schema, url: string): Outcome<z.infer<Schema>> {
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    if (parsed.success) return { kind: 'answer', value: parsed.data }
    const [issue] = parsed.error.issues
    const problem = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`
    return { kind: 'lost', failure: garbled(url, problem), waitMs: null }
  } catch {
    return { kind: 'lost', failure: garbled(url, 'not JSON'), waitMs: null }
  }
}

function declined(response: Response, text: string, url: string): Outcome<never> {
  const { status } = response
  if (status < 400) return { kind: 'refused', failure: redirected(url, response.headers.get('location') ?? '') }
  const failure = refusedBy(url, status, text)
  const waitMs = waitOf(response.headers.get('retry-after'))
  if (status === 429 && failure.code !== 'hosted.quota') return { kind: 'later', failure, waitMs }
  return status === 408 || status >= 500 ? { kind: 'lost', failure, waitMs } : { kind: 'refused', failure }
}

/** Seconds or a date (RFC 9110, 10.2.3), in ms from now. */
export function waitOf(header: string | null): number | null {
  if (header === null) return null
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  const body: AsyncIterable<Uint8Array> | null = response.body
  for await (const part of body ?? []) {
    size += part.length
    if (size > ANSWER_BYTES) throw new Error('the answer is too long')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

const NEVER_SENT = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'],
  'UND_ERR_CONNECT_TIMEOUT',
])

const Cause = z.looseObject({ code: z.string().optional(), message: z.string().optional() })

/** Why `fetch` failed stands in the cause of its error. */
function causeOf(error: unknown): z.infer<typeof Cause> {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return Cause.safeParse(cause).data ?? { message: String(error) }
}

const wasSent = (error: unknown): boolean => !NEVER_SENT.has(causeOf(error).code ?? '')

const reasonOf = (error: unknown): string => causeOf(error).code ?? causeOf(error).message ?? String(error)
