import type { z } from 'zod'
import { own } from '../../../nouns/index.js'

/** What a served model does instead, by the parameter that can only be its default. */
const ONLY: Readonly<Record<string, string>> = {
  n: 'gives one answer a request: send 1',
  logprobs: 'gives no log probabilities: send false',
  top_p: 'samples by temperature alone: send 1',
  presence_penalty: 'knows no penalties: send 0',
  frequency_penalty: 'knows no penalties: send 0',
  response_format: 'cannot be held to a format of its answer: send {"type": "text"}',
  tool_choice: 'chooses by itself whether it calls a tool: send "auto"',
  parallel_tool_calls: 'may make several calls in one answer: send true',
  store: 'is not recorded: send false',
  strict: "cannot be held to a tool's schema: send false",
}

const SHAPES: Readonly<Record<string, string>> = {
  role: 'is to be system, developer, user, assistant or tool',
  content: 'is to be a text, or a list of parts with a type each',
  stop: 'is to be a text or a list of texts',
}

/** What is wrong with a parameter, in words that say what the model served here can do. */
export function wordsOf(issue: z.core.$ZodIssue | undefined, served: string): string {
  const name = issue?.path.join('.') ?? ''
  const subject = name === '' ? 'The request' : name
  const known = issue?.path.map((part) => own(ONLY, String(part))).findLast((words) => words !== undefined)
  const instead = issue?.code === 'invalid_value' ? known : undefined
  if (instead !== undefined) return `${subject}: ${served}, as limi serves it, ${instead}, or leave it out.`
  const shape = issue?.code === 'invalid_union' ? own(SHAPES, String(issue.path.at(-1))) : undefined
  return shape === undefined ? `${subject}: ${issue?.message ?? 'invalid'}` : `${subject} ${shape}.`
}
