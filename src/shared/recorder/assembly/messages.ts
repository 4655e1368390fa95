import type { Call, Message, Origin, Part, ToolCall } from '../../../nouns/index.js'
import type { AgentHabits } from '../../agents/index.js'
import { omit } from '../../json/index.js'
import type { WireMessage } from '../../wire/index.js'
import { isModels, type Atom } from './atoms.js'
import { callIdIn, isWhole, type Entry } from './history.js'
import { speakerIn } from './speaker.js'

/** A message before it has its id. */
export type Unnamed = Omit<Message, 'id'>

/** What a message says of the recording, under `extra.recorded`. */
type Notes = Readonly<Record<string, unknown>>

/** A turn of the model, as its response had it. @param system digest, where it is not its thread's */
export function answerMessage(entry: Entry, system?: string): Unnamed {
  const { call } = entry
  const { message } = call.response ?? {}
  const said: WireMessage = message ?? { role: 'assistant', content: '' }
  const calls = said.toolCalls === undefined ? {} : { toolCalls: namedCalls(said.toolCalls, entry) }
  return {
    ...withoutUndefined(said),
    ...calls,
    role: 'assistant',
    origin: 'model',
    time: endOf(entry),
    call: callOf(entry, system),
    ...(isWhole(entry) ? {} : { weight: 0 }),
  }
}

/** A call that its own response did not name has the name by which its result is told. */
const namedCalls = (calls: readonly ToolCall[], entry: Entry): ToolCall[] =>
  calls.map((call) => ({ ...call, id: callIdIn(entry, call.id) }))

function callOf(entry: Entry, system: string | undefined): Call {
  const { request, response, durationMs, id } = entry.call
  const { model, usage, stop, extra } = response ?? {}
  const recorded: Notes = {
    call: id,
    ...(response?.id === undefined ? {} : { response: response.id }),
    ...(model === undefined || model === request.model ? {} : { asked: request.model }),
    ...(system === undefined ? {} : { system }),
    ...(isWhole(entry) ? {} : { cut: response?.error ?? true }),
    ...rejoinedNotes(entry),
  }
  return {
    model: model ?? request.model,
    params: request.params,
    ...(entry.tools === undefined ? {} : { tools: entry.tools.digest }),
    ...(usage === undefined ? {} : { usage }),
    ...(stop === undefined ? {} : { stop }),
    ...(durationMs === undefined ? {} : { durationMs }),
    extra: { ...extra, recorded },
  }
}

/** How a rewritten history was known again, and what it says otherwise. */
function rejoinedNotes({ rejoined }: Entry): Notes {
  if (rejoined === undefined) return {}
  const { measure, share, added, changed, missing } = rejoined
  return {
    joined: {
      ...{ by: 'fuzzy', measure, share, missing },
      added: unique(added).map((source) => bare(source)),
      changed: changed.map(({ to }) => bare(to.source)),
    },
  }
}

const bare = ({ role, content, toolCalls, toolCallId }: WireMessage): WireMessage =>
  withoutUndefined({ role, content, toolCalls, toolCallId })

const unique = (atoms: readonly Atom[]): WireMessage[] => [...new Set(atoms.map(({ source }) => source))]

/** A run of atoms of one message and one speaker. */
export interface Run {
  readonly atoms: readonly Atom[]
  readonly entry: Entry
  readonly origin: Origin
}

export interface Shown {
  readonly atom: Atom
  readonly entry: Entry
  readonly isRebuilt: boolean
}

/** Neighbours that are of one message and of one speaker stay together. */
export function runsOf(shown: readonly Shown[], isSubagent: boolean, habits: AgentHabits): readonly Run[] {
  const runs: { atoms: Atom[]; entry: Entry; origin: Origin }[] = []
  for (const { atom, entry, isRebuilt } of shown) {
    const origin = isRebuilt ? 'rebuilt' : originOf(atom, isSubagent, habits)
    const last = runs.at(-1)
    if (last?.atoms[0]?.source === atom.source && last.origin === origin) last.atoms.push(atom)
    else runs.push({ atoms: [atom], entry, origin })
  }
  return runs
}

function originOf(atom: Atom, isSubagent: boolean, habits: AgentHabits): Origin {
  if (isModels(atom)) return 'rebuilt'
  const speaker = speakerIn(atom, habits)
  return speaker === 'human' && isSubagent ? 'agent' : speaker
}

/** What a request shows, as it stands there; of a message that several speak in, each one's part. */
export function shownMessage({ atoms, entry, origin }: Run, isFirst: boolean): Unnamed {
  const [{ source }] = atoms as readonly [Atom]
  const content = unmarked(contentOf(source, atoms, isFirst))
  const isUnheard = origin === 'rebuilt' && source.role === 'assistant'
  const recorded: Notes = {
    ...(isUnheard ? { rebuilt: 'no response that was recorded says this' } : {}),
    ...(isFirst ? {} : { with: 'the message before it' }),
  }
  const { extra, toolCalls, ...said } = withoutUndefined(source)
  const calls = toolCalls?.filter(({ id }) => atoms.some(({ callId }) => callId === id)) ?? []
  const all = { ...(isFirst ? extra : {}), ...(Object.keys(recorded).length === 0 ? {} : { recorded }) }
  return {
    ...said,
    content,
    ...(calls.length === 0 ? {} : { toolCalls: calls }),
    origin,
    time: entry.call.time,
    ...(Object.keys(all).length === 0 ? {} : { extra: all }),
  }
}

/** All of a content that nobody else has a part in. */
function contentOf({ content }: WireMessage, atoms: readonly Atom[], isFirst: boolean): Message['content'] {
  if (atoms.every(({ kind }) => kind === 'call')) return ''
  if (typeof content === 'string') return content
  const places = atoms.flatMap(({ parts }) => parts)
  if (places.length === 0) return content
  const others = content.filter((part, at) => !places.includes(at) && part['text'] !== '')
  const parts = others.length === 0 && isFirst ? content : places.flatMap((at): Part[] => content.slice(at, at + 1))
  const [only] = parts
  const isPlain = parts.length === 1 && content.length > 1 && only?.type === 'text' && Object.keys(only).length === 2
  return isPlain && typeof only['text'] === 'string' ? only['text'] : [...parts]
}

/** What marks a part for the provider's cache moves from request to request, and is no content. */
function unmarked(content: Message['content']): Message['content'] {
  if (typeof content === 'string' || !content.some((part) => 'cache_control' in part)) return content
  const parts = content.map((part) => omit(part, 'cache_control') as Part)
  const [only] = parts
  const isPlain = parts.length === 1 && only?.type === 'text' && Object.keys(only).length === 2
  return isPlain && typeof only['text'] === 'string' ? only['text'] : parts
}

export function systemMessage(source: WireMessage, time: string, isRebuilt: boolean): Unnamed {
  const content = unmarked(source.content)
  return { ...withoutUndefined(source), content, origin: isRebuilt ? 'rebuilt' : 'agent', time }
}

/** When an answer had come. */
function endOf({ call: { time, durationMs } }: Entry): string {
  const start = Date.parse(time)
  return durationMs === undefined || Number.isNaN(start) ? time : new Date(start + durationMs).toISOString()
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T
}
