import { geminiDrafts, geminiResult, type GeminiDraft } from '../../../../shared/wire/index.js'
import { sourceTextOf } from '../../text/index.js'
import { argumentsText } from '../arguments.js'
import type { Oddities } from '../oddities.js'
import type { FunctionResponse, Part } from './schema.js'

/** A message before it has an id and, for a person's turn, an origin. `gemini` holds what has no place. */
export type Draft = GeminiDraft

const textOf = (value: unknown): string => sourceTextOf(value) ?? JSON.stringify(value)

/**
 * The messages of one content: of the model one, with its thoughts and calls; of others one for each result, then what else was said.
 * @param callId makes the id of a call that has none, from its place among the calls
 * @param model whose thoughts may be summaries
 */
export const draftsFrom = (
  role: 'model' | 'user',
  parts: readonly Part[],
  oddities: Oddities,
  callId: (index: number) => string,
  model: string,
): Draft[] =>
  geminiDrafts(role, parts, model, {
    textOf,
    argumentsOf: ({ args }) => argumentsText(args, oddities),
    callId: (_call, index) => {
      oddities.count('missing-call-id')
      return callId(index)
    },
  })

/** A tool's result: its `output` or `error` where that is text, otherwise the whole response as JSON. */
export const resultFrom = (response: FunctionResponse): Draft => geminiResult(response, { textOf })
