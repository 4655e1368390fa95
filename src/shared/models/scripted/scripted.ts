import { createHash } from 'node:crypto'
import {
  done,
  type Failure,
  type Result,
  type ScriptEntry,
  type ScriptFault,
  type ScriptReply,
} from '../../../nouns/index.js'
import type { ChatModel, ModelEvent, ModelRequest, OpenModel } from '../model.js'
import { chooserOf, firstRequest, type Choice } from './choose.js'
import { loadScript } from './load.js'
import { fail, speak } from './speak.js'

/** `script:FILE`. */
export async function openScript(name: string, file: string): Promise<Result<OpenModel>> {
  const entries = await loadScript(file)
  if (!entries.ok) return entries
  return done({ model: scriptedModel(name, entries.value), close: async () => undefined })
}

/**
 * Answers by the conversation alone: by its first user message, or what occurs in it, and the number of assistant messages since. Any number
 * of conversations may go on at once; the only thing remembered is how often a request came whose reply has faults. It counts no tokens (a
 * `usage` event is as scripted) and ignores the request's parameters and tools: what the script says is said.
 */
export function scriptedModel(name: string, entries: readonly ScriptEntry[]): ChatModel {
  const choose = chooserOf(entries)
  const attempts = new Map<string, number>()
  const faultAt = ({ faults }: ScriptReply, { messages }: ModelRequest): ScriptFault | undefined => {
    if (faults === undefined) return undefined
    const key = createHash('sha256').update(JSON.stringify(messages)).digest('base64')
    const before = attempts.get(key) ?? 0
    attempts.set(key, before + 1)
    return faults[before]
  }
  return {
    name,
    async *stream(request: ModelRequest, signal?: AbortSignal): AsyncGenerator<ModelEvent> {
      const choice = choose(request)
      if (choice === null) yield fail(unmatched(name, firstRequest(request.messages)))
      else if (choice.reply === undefined) yield fail(exhausted(name, firstRequest(request.messages), choice))
      else yield* speak(choice.reply, saidBefore(request), faultAt(choice.reply, request), signal)
    },
  }
}

/** Ids of calls are told apart by it: an agent drops a call whose id it has seen. */
const saidBefore = ({ messages }: ModelRequest): number => messages.filter(({ role }) => role === 'assistant').length

const quoted = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text)

const unmatched = (name: string, asked: string): Failure => ({
  kind: 'input',
  code: 'script.unmatched',
  message: `the script has no entry for the request ${quoted(asked)}`,
  where: name,
  remedy: 'add an entry with this exact request, one that matches it, or one without either, which answers any',
})

const exhausted = (name: string, asked: string, { entry, turn }: Choice): Failure => ({
  kind: 'input',
  code: 'script.exhausted',
  message: `the script's entry for ${quoted(asked)} has ${entry.replies.length} replies, and reply ${turn + 1} was asked for`,
  where: name,
  remedy: 'add replies to this entry, or lower the turns and rounds',
})
