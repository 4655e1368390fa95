import { setTimeout as sleep } from 'node:timers/promises'
import type { Failure, ScriptFault, ScriptReply } from '../../../nouns/index.js'
import type { ModelEvent } from '../model.js'

/** A scripted reply as a model speaks it, or what goes wrong in its place. */
export async function* speak(
  reply: ScriptReply,
  turn: number,
  fault: ScriptFault | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<ModelEvent> {
  if (!(await waited(reply.delayMs, signal))) yield fail(INTERRUPTED)
  else if (fault?.kind === 'status') yield statusFailure(fault.status)
  else yield* cutAfter(fault?.after ?? Infinity, paced(reply, turn, signal))
}

/** A call is told whole or not at all; the end counts as a character, so that a cut after all the words still leaves it out. */
async function* cutAfter(length: number, events: AsyncIterable<ModelEvent>): AsyncGenerator<ModelEvent> {
  let left = length
  for await (const event of events) {
    const isText = event.type === 'text' || event.type === 'reasoning'
    const size = isText
      ? event.text.length
      : event.type === 'toolCall'
        ? event.arguments.length
        : event.type === 'stop'
          ? 1
          : 0
    if (size <= left) yield event
    else if (isText && left > 0) yield { ...event, text: event.text.slice(0, left) }
    if (size > left) {
      yield fail(CUT, true)
      return
    }
    left -= size
  }
}

async function* paced(reply: ScriptReply, turn: number, signal?: AbortSignal): AsyncGenerator<ModelEvent> {
  const words = (text: string): readonly string[] =>
    reply.wordMs === undefined ? [text].filter((one) => one !== '') : (text.match(/\s*\S+\s*$|\s*\S+|\s+/g) ?? [])
  for (const text of words(reply.reasoning ?? '')) {
    if (!(await waited(reply.wordMs, signal))) break
    yield { type: 'reasoning', text, kind: 'full' }
  }
  for (const text of words(reply.text)) {
    if (!(await waited(reply.wordMs, signal))) break
    yield { type: 'text', text }
  }
  if (signal?.aborted === true) {
    yield fail(INTERRUPTED)
    return
  }
  const calls = reply.toolCalls ?? []
  for (const [index, call] of calls.entries()) {
    const id = call.id ?? `call_${turn + 1}_${index + 1}`
    yield { type: 'toolCall', id, name: call.name, arguments: call.arguments }
  }
  if (reply.usage !== undefined) yield { type: 'usage', usage: reply.usage }
  yield { type: 'stop', reason: reply.stop ?? (calls.length > 0 ? 'tool-calls' : 'stop') }
}

/** False where it was aborted meanwhile. */
async function waited(delayMs: number | undefined, signal: AbortSignal | undefined): Promise<boolean> {
  if (delayMs !== undefined) await sleep(delayMs, undefined, { signal }).catch(() => undefined)
  return signal?.aborted !== true
}

export const fail = (failure: Failure, retryable = false): ModelEvent => ({ type: 'failure', failure, retryable })

const INTERRUPTED: Failure = { kind: 'interrupted', code: 'model.interrupted', message: 'the model was interrupted' }

/** Where the model is served, the connection breaks. */
const CUT: Failure = {
  kind: 'underway',
  code: 'script.cut',
  message: 'the script breaks the connection here',
}

const statusFailure = (status: number): ModelEvent => {
  const mayPass = status >= 500 || status === 429
  const message = `the script answers with HTTP ${status} here`
  return fail({ kind: mayPass ? 'underway' : 'input', code: `script.status-${status}`, message }, mayPass)
}
