import type { AnswerFormat } from './format.js'
import { endsInsideString, isObject, membersOf, stringIn } from './json-text.js'
import { taggedReader, type TaggedCalls } from './tagged.js'

/** `{"name": …, "arguments": …}`; arguments that the model wrote as JSON inside a string are taken out of it. */
const calls: TaggedCalls = {
  endsInsideValue: endsInsideString,
  read(body) {
    const members = membersOf(body)
    const name = stringIn(members?.get('name'))
    const written = members?.get('arguments')
    if (name === null || written === undefined) return null
    const inner = stringIn(written)
    return { name, arguments: inner !== null && isObject(inner) ? inner : written }
  },
}

/** Hermes, Qwen2.5 and Qwen3: JSON between `<tool_call>` and `</tool_call>`, reasoning in `<think>`. */
export const hermes: AnswerFormat = {
  name: 'hermes',
  readsCalls: true,
  marksAreSpecial: false,
  open: (request) => taggedReader(calls, request),
}
