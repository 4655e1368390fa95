import { unwrap, type ScriptEntry, type Usage } from '../../src/nouns/index.js'
import { scriptedModel, type ChatModel } from '../../src/shared/models/index.js'
import { serveModel, type ServedModel } from '../../src/shared/wire/index.js'

type Request = Parameters<ChatModel['stream']>[0]

/** A served script, and the requests that it saw. */
export interface ServedScript {
  readonly served: ServedModel
  readonly requests: readonly Request[]
}

const USAGE: Usage = { inputTokens: 100, outputTokens: 7, cachedInputTokens: 40 }

/**
 * Serves a script to a program that puts messages of its own before the prompt: the last text of a user that the script names begins
 * the conversation. What the script does not name, as a title or a summary, is answered in a few words.
 */
export async function serveScript(entries: readonly ScriptEntry[]): Promise<ServedScript> {
  const script = scriptedModel('scripted', entries)
  const named = new Set(entries.map(({ request }) => request))
  const requests: Request[] = []
  const model: ChatModel = {
    name: 'scripted',
    async *stream(request, signal) {
      requests.push(request)
      const texts = request.messages.map(({ role, content }) =>
        role === 'user' ? textsOf(content).find((text) => named.has(text)) : undefined,
      )
      const at = texts.findLastIndex((text) => text !== undefined)
      if (request.tools.length === 0 || at === -1) {
        yield { type: 'text', text: 'A short answer' }
        yield { type: 'usage', usage: USAGE }
        yield { type: 'stop', reason: 'stop' }
        return
      }
      const messages = request.messages
        .slice(at)
        .map((message, index) => (index === 0 ? { ...message, content: texts[at] ?? '' } : message))
      for await (const event of script.stream({ ...request, messages }, signal)) {
        if (event.type === 'stop') yield { type: 'usage', usage: USAGE }
        yield event
      }
    },
  }
  return { served: unwrap(await serveModel(model)), requests }
}

const textsOf = (content: Request['messages'][number]['content']): string[] =>
  typeof content === 'string'
    ? [content]
    : content.map((part) => (typeof part['text'] === 'string' ? part['text'] : ''))
