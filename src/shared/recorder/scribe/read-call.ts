import type { AgentHabits } from '../../agents/index.js'
import { readJson } from '../../json/index.js'
import type { Operation, WireDialect, WireResponse } from '../../wire/index.js'
import type { RecordedCall } from '../call.js'
import type { CallEnd } from '../log/index.js'
import type { HeaderPairs } from '../redact/index.js'

/** An exchange that is over, as texts. */
export interface RawExchange {
  readonly id: string
  readonly time: string
  readonly headers: HeaderPairs
  readonly durationMs?: number
  /** Null where it cannot be read. */
  readonly requestText: string | null
  readonly status?: number
  readonly responseText: string | null
  readonly how?: CallEnd
  readonly problem?: string
}

export interface Reading {
  readonly dialect: WireDialect
  readonly operation: Operation
  readonly habits: AgentHabits
}

/** What was asked and said in an exchange with a model; why it cannot be told, where it cannot. */
export function readCall(raw: RawExchange, reading: Reading): RecordedCall | { unread: string } {
  try {
    return callIn(raw, reading)
  } catch (error) {
    return {
      unread: `reading it failed: ${error instanceof Error ? error.message : String(error)}; report this as a bug`,
    }
  }
}

function callIn(raw: RawExchange, { dialect, operation, habits }: Reading): RecordedCall | { unread: string } {
  if (raw.requestText === null) return { unread: 'its request cannot be read' }
  const body = readJson(raw.requestText)
  if (body === null) return { unread: 'its request is no JSON, or nests too deeply' }
  const request = dialect.readRequest(operation, body.value)
  if (!request.ok) return { unread: `${request.failure.where ?? 'its request'}: ${request.failure.message}` }
  const { id, time, durationMs, status } = raw
  const response = responseOf(raw, dialect)
  return {
    ...{ id, dialect: dialect.name, time },
    ...(durationMs === undefined ? {} : { durationMs }),
    identity: habits.identityOf(fieldsOf(raw.headers), body.value),
    request: request.value,
    ...(status === undefined ? {} : { status }),
    ...(response === undefined ? {} : { response }),
  }
}

function responseOf(raw: RawExchange, dialect: WireDialect): WireResponse | undefined {
  const { status, responseText, problem } = raw
  if (status === undefined) return problem === undefined ? undefined : { complete: false, error: problem }
  if (responseText === null) return { complete: false, error: 'its answer cannot be read' }
  const response = dialect.readResponse(responseText, status)
  return problem === undefined || response.error !== undefined ? response : { ...response, error: problem }
}

function fieldsOf(headers: HeaderPairs): Readonly<Record<string, string>> {
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))
}
