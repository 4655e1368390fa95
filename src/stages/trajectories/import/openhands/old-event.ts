import { type Message, ToolSpec } from '../../../../nouns/index.js'
import { canonicalJson } from '../../../../shared/project/index.js'
import { argumentsText } from '../arguments.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import type { Builder } from './builder.js'
import type { OldEvent } from './record.js'
import { answerIn, modelCall, type Said } from './response.js'
import { field, listIn, textIn } from '../values.js'

/** What OpenHands' own evaluation answers where a person would (`codeact_user_response` of `evaluation/utils/shared.py`). */
const FAKE_USER = /^(Please continue working on the task on whatever approach|\/exit\s*$)/

/** Events that steer the program and that the model never sees. */
const UNSEEN = new Set([
  'null',
  'recall',
  'change_agent_state',
  'agent_state_changed',
  'condensation_request',
  'condense',
  'pause',
  'resume',
  'start',
  'stop',
  'loop_recovery',
  'loop_detection',
])

/** What a workspace recall puts before the model, in words that the log does not hold. */
const RECALLED = [
  'repo_name',
  'repo_instructions',
  'additional_agent_instructions',
  'microagent_knowledge',
  'runtime_hosts',
]

/** Reads the event stream of OpenHands before the SDK. */
export class OldEvents {
  readonly #builder: Builder
  readonly #oddities: Oddities
  /** The answer of each response, and the response itself. */
  readonly #answers = new Map<string, { readonly message: string; readonly thread: string; readonly text: string }>()
  /** Calls that were made of actions without metadata, by the action's id; null for a person's own command. */
  readonly #calls = new Map<string, string | null>()
  model = 'unknown'

  constructor(builder: Builder, oddities: Oddities) {
    this.#builder = builder
    this.#oddities = oddities
  }

  take(event: OldEvent): void {
    if (typeof event.observation === 'string') this.#observation(event, event.observation)
    else this.#action(event, event.action ?? 'null')
  }

  #action(event: OldEvent, action: string): void {
    if (action === 'condensation') {
      this.#condense(event)
      return
    }
    if (UNSEEN.has(action)) {
      this.#unseen(event, action)
      return
    }
    if (action === 'system') {
      this.#system(event)
      return
    }
    if (event.source !== 'agent') {
      this.#fromUser(event, action)
      return
    }
    if (event.tool_call_metadata?.model_response) this.#fromResponse(event)
    else this.#fromAgent(event, action)
    if (action === 'delegate') {
      this.#builder.delegate(event.tool_call_metadata?.tool_call_id ?? this.#calls.get(idOf(event) ?? '') ?? undefined)
    }
  }

  #system(event: OldEvent): void {
    const { args } = event
    const tools = listIn(args, 'tools').flatMap((tool) => {
      const spec = ToolSpec.safeParse(field(tool, 'function') ?? tool)
      return spec.success ? [spec.data] : []
    })
    this.#builder.offer(tools)
    const isWhole = tools.length === listIn(args, 'tools').length && listIn(args, 'tools').every(isPlainTool)
    const rest = isWhole ? omit(args ?? {}, 'content', 'tools') : omit(args ?? {}, 'content')
    this.#add(event, { role: 'system', origin: 'agent', content: textIn(args, 'content') ?? '' }, { args: rest })
  }

  #fromUser(event: OldEvent, action: string): void {
    const { args } = event
    const text = textIn(args, 'content') ?? textIn(args, 'command') ?? textIn(args, 'thought') ?? ''
    const isTask = event.source === 'user' && !FAKE_USER.test(text) && !this.#builder.isDelegated
    if (action !== 'message') this.#calls.set(idOf(event) ?? '', null)
    this.#add(event, { role: 'user', origin: isTask ? 'human' : 'agent', content: withImages(text, args) })
  }

  /** The first action of a response brings the answer; each further one adds to it what was done. */
  #fromResponse(event: OldEvent): void {
    const { tool_call_metadata: metadata } = event
    const response = metadata?.model_response
    const key = `${this.#builder.thread} ${textIn(response, 'id') ?? ''}`
    const text = canonicalJson(response)
    const known = textIn(response, 'id') === undefined ? undefined : this.#answers.get(key)
    const done = {
      ...omit(event, 'tool_call_metadata'),
      tool_call_metadata: metadata && omit(metadata, 'model_response'),
    }
    if (known?.text === text) {
      this.#builder.amend(known.message, (message) => withAction(message, done))
      this.#builder.see(idOf(event), known.message)
      return
    }
    const id = this.#builder.idFor(idOf(event))
    const call = modelCall(response, this.#builder.offered)
    if (this.model === 'unknown') this.model = call.model
    this.#answers.set(key, { message: id, thread: this.#builder.thread, text })
    const message: Message = {
      id,
      role: 'assistant',
      origin: 'model',
      ...timeOf(event),
      ...answerIn(response, id, this.#oddities),
      call,
    }
    this.#builder.add(withAction(message, done), idOf(event))
  }

  /** Before function calling, and where the answer had no call: the log holds what was made of the answer. */
  #fromAgent(event: OldEvent, action: string): void {
    const { args } = event
    const thought = textIn(args, 'thought') ?? ''
    if (['message', 'finish', 'reject', 'think'].includes(action)) {
      const content =
        textIn(args, 'content') ?? [thought, textIn(args, 'final_thought') ?? ''].find((one) => one !== '') ?? ''
      this.#add(event, { role: 'assistant', origin: 'model', content: withImages(content, args) })
      return
    }
    this.#oddities.count('missing-call-id')
    const id = `call-${idOf(event) ?? this.#builder.idFor(undefined)}`
    if (idOf(event) !== undefined) this.#calls.set(idOf(event) ?? '', id)
    const given = omit(args ?? {}, 'thought')
    const toolCalls = [{ id, name: action, arguments: argumentsText(given, this.#oddities) }]
    this.#add(event, { role: 'assistant', origin: 'model', content: thought, toolCalls })
  }

  #observation(event: OldEvent, kind: string): void {
    if (kind === 'recall' && RECALLED.some((name) => isFilled(field(event.extras, name)))) {
      this.#oddities.count('context-not-recorded')
    }
    if (kind === 'delegate') this.#builder.endDelegation()
    if (UNSEEN.has(kind)) {
      this.#unseen(event, kind)
      return
    }
    const { tool_call_metadata: metadata, cause } = event
    const made = this.#calls.get(String(cause ?? ''))
    const toolCallId = metadata?.tool_call_id ?? made
    const content = typeof event.content === 'string' ? event.content : ''
    const kept = this.#withoutResponse(event)
    if (typeof toolCallId === 'string') {
      const isError = kind === 'error' || kind === 'user_rejected' ? { isError: true } : {}
      this.#add(event, { role: 'tool', origin: 'tool', content, toolCallId, ...isError }, kept)
      return
    }
    this.#add(event, { role: 'user', origin: made === null ? 'tool' : 'agent', content }, kept)
  }

  /** An observation repeats the response that it came of; an equal copy is left out. */
  #withoutResponse({ tool_call_metadata: metadata }: OldEvent): Record<string, unknown> {
    if (metadata === null || metadata === undefined) return {}
    const response = metadata.model_response
    const known = this.#answers.get(`${this.#builder.thread} ${textIn(response, 'id') ?? ''}`)
    if (response !== null && response !== undefined && known?.text !== canonicalJson(response)) {
      if (known !== undefined) this.#oddities.count('differing-copies')
      return {}
    }
    return { tool_call_metadata: omit(metadata, 'model_response') }
  }

  /** A recall counts where a condensation places its summary, though what the model was shown of it is not in the log. */
  #unseen(event: OldEvent, kind: string): void {
    this.#builder.note(event, idOf(event))
    if (kind === 'recall') this.#builder.see(idOf(event), null)
  }

  #condense(event: OldEvent): void {
    const { args } = event
    const from = field(args, 'forgotten_events_start_id')
    const to = field(args, 'forgotten_events_end_id')
    const inRange = (id: string): boolean =>
      typeof from === 'number' && typeof to === 'number' && Number(id) >= from && Number(id) <= to
    const listed = new Set(listIn(args, 'forgotten_event_ids').map(String))
    const offset = field(args, 'summary_offset')
    this.#builder.condense({
      forgets: (id) => listed.has(id) || inRange(id) || id.endsWith('-summary'),
      summary: textIn(args, 'summary'),
      offset: typeof offset === 'number' ? offset : undefined,
      summaryEvent: `${idOf(event) ?? ''}-summary`,
      event,
    })
  }

  #add(event: OldEvent, said: Said, instead: Record<string, unknown> = {}): void {
    const id = this.#builder.idFor(idOf(event))
    const openhands = { ...withoutCopies(event, said.content), ...instead }
    this.#builder.add({ id, ...timeOf(event), ...said, extra: { openhands } }, idOf(event))
  }
}

const idOf = ({ id }: OldEvent): string | undefined => (id === null || id === undefined ? undefined : String(id))

const timeOf = ({ timestamp }: OldEvent): Pick<Message, 'time'> =>
  typeof timestamp === 'string' ? { time: timestamp } : {}

/** An event without the places where its message's text stands again. */
function withoutCopies(event: OldEvent, content: Message['content']): Record<string, unknown> {
  const { args } = event
  const rest = omit(event, ...(['content', 'message'] as const).filter((name) => event[name] === content))
  return args !== null && args !== undefined && args['content'] === content
    ? { ...rest, args: omit(args, 'content') }
    : rest
}

/** One response may have thousands of actions, so that the list is added to in place. */
function withAction(message: Message, action: unknown): Message {
  const before = (message.extra?.['openhands'] as { actions?: unknown[] } | undefined)?.actions
  if (before === undefined) return { ...message, extra: { openhands: { actions: [action] } } }
  before.push(action)
  return message
}

function withImages(text: string, args: OldEvent['args']): Message['content'] {
  const urls = [...listIn(args, 'image_urls'), ...listIn(args, 'images_urls')]
  if (urls.length === 0) return text
  return [{ type: 'text', text }, ...urls.map((url) => ({ type: 'image_url', image_url: { url } }))]
}

const isPlainTool = (tool: unknown): boolean =>
  field(tool, 'function') === undefined ||
  Object.keys(tool as object).every((key) => key === 'type' || key === 'function')

const isFilled = (value: unknown): boolean =>
  value !== null && typeof value === 'object'
    ? Object.keys(value).length > 0
    : typeof value === 'string' && value !== ''
