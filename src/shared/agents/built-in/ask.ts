import { setTimeout as sleep } from 'node:timers/promises'
import type { Failure, Message, StopReason, Usage } from '../../../nouns/index.js'
import { addUsage, NO_USAGE, type ChatModel, type ModelEvent, type ModelRequest } from '../../models/index.js'
import type { Conversation, Draft } from './conversation.js'

export type Asked =
  | { readonly ok: true; readonly reply: Draft; readonly stop: StopReason; readonly usage: Usage }
  | { readonly ok: false; readonly failure: Failure; readonly usage: Usage }

export interface AskOptions {
  readonly model: ChatModel
  readonly request: ModelRequest
  readonly round: number
  readonly signal: AbortSignal
  /** Milliseconds before each further attempt after a failure that may pass; their number limits the attempts. */
  readonly backoffMs: readonly number[]
}

/** One reply of the model. A failed attempt is recorded as an aside, and one that may pass is repeated after a while. */
export async function ask(conversation: Conversation, options: AskOptions): Promise<Asked> {
  const { backoffMs, signal } = options
  let usage: Usage = NO_USAGE
  for (let attempt = 1; ; attempt += 1) {
    const { draft, failure, retryable, stop } = await attemptOnce(conversation, options)
    usage = addUsage(usage, draft.call?.usage)
    if (failure === null) return { ok: true, reply: draft, stop, usage }
    await conversation.addAside(`failed attempt ${attempt}: ${failure.code}: ${failure.message}`, saidIn(draft))
    const wait = retryable && !signal.aborted ? backoffMs[attempt - 1] : undefined
    if (wait === undefined) return { ok: false, failure, usage }
    await sleep(wait, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return { ok: false, failure, usage }
  }
}

interface Attempt {
  readonly draft: Draft
  readonly stop: StopReason
  readonly failure: Failure | null
  readonly retryable: boolean
}

async function attemptOnce(
  conversation: Conversation,
  { model, request, round, signal }: AskOptions,
): Promise<Attempt> {
  const began = performance.now()
  const gathered = gather()
  for await (const event of model.stream(request, signal)) gathered.take(event)
  const { text, reasoning, toolCalls, usage, warnings, raw, ending } = gathered.all()
  const stop = ending.type === 'stop' ? ending.reason : undefined
  const draft: Draft = {
    role: 'assistant',
    origin: 'model',
    round,
    content: text,
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    call: {
      model: model.name,
      params: { ...request.params },
      ...(conversation.tools === undefined ? {} : { tools: conversation.tools }),
      ...(usage === undefined ? {} : { usage }),
      ...(stop === undefined ? {} : { stop }),
      ...(warnings.length === 0 ? {} : { warnings }),
      durationMs: Math.round(performance.now() - began),
    },
    ...(raw === undefined ? {} : { extra: { raw } }),
  }
  if (ending.type === 'failure') return { draft, stop: 'other', failure: ending.failure, retryable: ending.retryable }
  return { draft, stop: ending.reason, failure: null, retryable: false }
}

type Ending = Extract<ModelEvent, { type: 'stop' | 'failure' }>

/** A response without an ending was cut off on its way. */
const CUT_OFF: Ending = {
  type: 'failure',
  retryable: true,
  failure: { kind: 'underway', code: 'model.cut-off', message: 'the response ended without a stop reason' },
}

function gather() {
  let text = ''
  let reasoning: Message['reasoning']
  let usage: Usage | undefined
  let raw: string | undefined
  let ending: Ending = CUT_OFF
  const toolCalls: NonNullable<Message['toolCalls']> = []
  const warnings: string[] = []
  return {
    take(event: ModelEvent): void {
      if (event.type === 'text') text += event.text
      else if (event.type === 'reasoning') reasoning = joinReasoning(reasoning, event)
      else if (event.type === 'toolCall') toolCalls.push({ id: event.id, name: event.name, arguments: event.arguments })
      else if (event.type === 'usage') usage = event.usage
      else if (event.type === 'warning') warnings.push(event.text)
      else if (event.type === 'raw') raw = event.text
      else ending = event
    },
    all: () => ({ text, reasoning, toolCalls, usage, warnings, raw, ending }),
  }
}

function joinReasoning(so: Message['reasoning'], event: Extract<ModelEvent, { type: 'reasoning' }>) {
  const signature = event.signature ?? so?.signature
  return {
    text: `${so?.text ?? ''}${event.text}`,
    kind: event.kind,
    ...(signature === undefined ? {} : { signature }),
  }
}

/** What a failed attempt had said before it failed, where it had said anything. */
const saidIn = (draft: Draft): readonly Draft[] =>
  draft.content === '' && draft.reasoning === undefined && draft.toolCalls === undefined ? [] : [draft]
