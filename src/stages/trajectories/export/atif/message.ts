import type { Call, Message, ToolCall } from '../../../../nouns/index.js'
import { present } from '../../import/atif/index.js'
import { omit } from '../../import/omit.js'
import { fieldsOf, type Fields } from '../../import/values.js'
import { tooDeepAt } from '../../text/index.js'
import { AtifPart, EXTRA_ONLY, fitting, isTimestamp, METRICS, RESULT, STEP, wellFormed } from './shape.js'

const SOURCES = { system: 'system', user: 'user', assistant: 'agent', tool: 'system' } as const

/** A step in ATIF's own fields, as near to the message as they come. */
export function stepOf(message: Message): Fields {
  const { role, origin, time, content, reasoning, toolCalls, call } = message
  const atif = fitting(message.extra?.['atif'], STEP)
  const isAgent = role === 'assistant'
  const calls = isAgent && origin === 'agent' && call === undefined ? 0 : atif['llm_call_count']
  const isModel = isAgent && calls !== 0
  return {
    ...(time !== undefined && isTimestamp(time) ? { timestamp: time } : {}),
    source: SOURCES[role],
    ...(isModel && call !== undefined ? modelOf(call) : {}),
    message: contentOf(content),
    ...(isModel && reasoning?.text !== undefined ? { reasoning_content: reasoning.text } : {}),
    ...(isAgent && toolCalls !== undefined ? { tool_calls: toolCalls.map(toolCallOf) } : {}),
    ...(isModel ? metricsOf(call) : {}),
    ...(origin === 'rebuilt' ? { is_copied_context: true } : {}),
    ...(calls === undefined ? {} : { llm_call_count: calls }),
    ...extraOf(atif['extra']),
  }
}

/** A result in ATIF's own fields. `answers`: the ids of the calls of its step, which alone may be named. */
export function resultOf(message: Message, answers: ReadonlySet<string>): Fields {
  const { toolCallId: id, content } = message
  const atif = fitting(message.extra?.['atif'], RESULT)
  return {
    ...(id !== undefined && answers.has(id) ? { source_call_id: id } : {}),
    content: contentOf(content),
    ...atif,
  }
}

function modelOf({ model, params }: Call): Fields {
  const effort = params['reasoning_effort']
  return {
    model_name: model,
    ...(typeof effort === 'string' || typeof effort === 'number' ? { reasoning_effort: effort } : {}),
  }
}

function metricsOf(call: Call | undefined): Fields {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = call?.usage ?? {}
  const { extra, ...more } = fitting(fieldsOf(call?.extra?.['atif'])['metrics'], METRICS)
  const metrics = present({
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    cached_tokens: cachedInputTokens,
    ...more,
    extra: present({ ...fieldsOf(extra), reasoning_tokens: reasoningTokens }) ?? extra,
  })
  return metrics === undefined ? {} : { metrics }
}

/** ATIF's arguments are an object: text that is none goes beside it, as does the text's own spacing. */
function toolCallOf({ id, name, arguments: text, extra }: ToolCall): Fields {
  return { tool_call_id: id, function_name: name, arguments: objectIn(text), ...fitting(extra?.['atif'], EXTRA_ONLY) }
}

/** Python reads JSON as deep as its stack allows. */
const MAX_DEPTH = 100

function objectIn(text: string): Fields {
  if (tooDeepAt(text, MAX_DEPTH) !== null) return {}
  try {
    return fieldsOf(JSON.parse(text))
  } catch {
    return {}
  }
}

function contentOf(content: Message['content']): string | AtifPart[] {
  if (typeof content === 'string') return content
  return content.map((part) => {
    const fits = AtifPart.safeParse(part)
    return fits.success ? fits.data : { type: 'text' as const, text: textIn(part) }
  })
}

/** A part that ATIF has no place for is named in its place; the part itself stands under `limi`. */
function textIn(part: Fields): string {
  return part['type'] === 'text' && typeof part['text'] === 'string' ? part['text'] : `[${String(part['type'])}]`
}

/** What marks a compaction in ATIF must not come from a message. */
function extraOf(extra: unknown): Fields {
  const rest = omit(fieldsOf(extra), 'context_management')
  return Object.keys(rest).length === 0 ? {} : { extra: rest }
}

export const asStep = (step: Fields): Fields => wellFormed(step) as Fields
