import type { Message, Part, Usage } from '../../../../nouns/index.js'
import { habitsNamed } from '../../../../shared/agents/index.js'
import { fieldsIn, isCount, isFields, textIn, type Fields } from '../values.js'

const { speakerOf } = habitsNamed('codex')

/** Whether it is text that Codex writes into the person's turn. */
export const isOfAgent = (text: string): boolean => speakerOf(text) === 'agent'

const TEXTS = new Set(['input_text', 'output_text', 'text'])

/** The parts of a message item; its texts become `text` parts, since the role tells input from output. */
export function partsOf(content: unknown): Part[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (!Array.isArray(content)) return []
  return content.flatMap((part): Part[] => {
    if (!isFields(part) || typeof part['type'] !== 'string') return [{ type: 'unknown', value: part as unknown }]
    return [TEXTS.has(part['type']) ? { ...part, type: 'text' } : { ...part, type: part['type'] }]
  })
}

/** One plain text is text; anything else stays a list. */
export function contentOf(parts: readonly Part[]): Message['content'] {
  const [only] = parts
  if (only === undefined) return ''
  const isPlain = parts.length === 1 && only.type === 'text' && typeof only['text'] === 'string'
  return isPlain && Object.keys(only).length === 2 ? (only['text'] as string) : [...parts]
}

export function textsOf(content: Message['content']): string[] {
  if (typeof content === 'string') return [content]
  return content.flatMap((part) => (typeof part['text'] === 'string' ? [part['text']] : []))
}

/** Marks of codex-rs's truncation of tool outputs (codex-rs/utils/string, core/src/truncate.rs and, in 2025, context_manager). */
const SHORTENED =
  /\[\.\.\. omitted \d+ of \d+ lines \.\.\.\]|…\d+ (?:tokens|chars) truncated…|\[\.\.\. output truncated to fit \d+ bytes \.\.\.\]/

export const isShortened = (content: Message['content']): boolean =>
  textsOf(content).some((text) => SHORTENED.test(text))

/** `token_count` of codex-rs/protocol: input counts what was read from a cache, output the reasoning. */
export function usageFrom(counts: Fields): Usage | null {
  const { input_tokens: inputTokens, output_tokens: outputTokens } = counts
  const { cached_input_tokens: cached, reasoning_output_tokens: reasoning } = counts
  if (!isCount(inputTokens) || !isCount(outputTokens)) return null
  return {
    inputTokens,
    outputTokens,
    ...(isCount(cached) ? { cachedInputTokens: cached } : {}),
    ...(isCount(reasoning) ? { reasoningTokens: reasoning } : {}),
  }
}

/** The thread that spawned this one, over the versions of `session_meta.source`. */
export function spawnerOf(meta: Fields): string | undefined {
  const source = fieldsIn(meta, 'source')
  const subagent = isFields(source['subagent']) ? source['subagent'] : fieldsIn(source, 'sub_agent')
  return textIn(fieldsIn(subagent, 'thread_spawn'), 'parent_thread_id')
}

/** Also a reviewer's session, whose source names no thread. */
export function isOfSubagent(meta: Fields): boolean {
  const source = fieldsIn(meta, 'source')
  return source['subagent'] !== undefined || source['sub_agent'] !== undefined
}
