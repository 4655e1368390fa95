import { z } from 'zod'
import type { ToolCall } from '../../../nouns/index.js'
import { argumentsText } from './arguments.js'
import type { Oddities } from './oddities.js'
import { omit } from './omit.js'
import { field, textIn } from './values.js'

/** A tool call as OpenAI's chat completions write it (openai/openai-openapi, `ChatCompletionMessageToolCall`), and its imitators do. */
export const OpenaiCall = z.looseObject({
  id: z.string().nullish(),
  function: z.looseObject({ name: z.string(), arguments: z.unknown().optional() }),
})
export type OpenaiCall = z.infer<typeof OpenaiCall>

/** @param call also one that no schema was asked about @param fallback the id of a call that has none, which is counted */
export function openaiCall(call: unknown, fallback: string, oddities: Oddities): ToolCall {
  const id = textIn(call, 'id')
  if (id === undefined) oddities.count('missing-call-id')
  const fn = field(call, 'function')
  return {
    id: id ?? fallback,
    name: textIn(fn, 'name') ?? '',
    arguments: argumentsText(field(fn, 'arguments'), oddities),
  }
}

/** What a {@link ToolCall} has no place for. */
export function restOfOpenaiCall(call: OpenaiCall): Record<string, unknown> {
  const { type } = call
  const fn = omit(call.function, 'name', 'arguments')
  return {
    ...omit(call, 'id', 'type', 'function'),
    ...(type === undefined || type === 'function' ? {} : { type }),
    ...(Object.keys(fn).length === 0 ? {} : { function: fn }),
  }
}
