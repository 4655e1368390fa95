import type { AnswerFormat } from './format.js'
import { jsonCall } from './json-call.js'
import { endsInsideString } from './json-text.js'
import { taggedReader, TOOL_CALL, type TaggedCalls } from './tagged.js'

const calls: TaggedCalls = {
  ...TOOL_CALL,
  endsInsideValue: endsInsideString,
  read: (body) => jsonCall(body, ['arguments']),
}

/** Hermes, Qwen2.5 and Qwen3: JSON between `<tool_call>` and `</tool_call>`, reasoning in `<think>`. */
export const hermes: AnswerFormat = {
  name: 'hermes',
  readsCalls: true,
  marksAreSpecial: false,
  open: (request) => taggedReader(calls, request),
}
