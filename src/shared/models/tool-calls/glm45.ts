import type { AnswerFormat } from './format.js'
import { asObject, pairsIn } from './tagged-arguments.js'
import { taggedReader, TOOL_CALL, type TaggedCalls } from './tagged.js'

const CALL = /^\s*([^\s<]+)\s*((?:<arg_key>[^]*)?)$/
const ARGUMENT = /<arg_key>([^]*?)<\/arg_key>\s*<arg_value>([^]*?)<\/arg_value>(?=\s*(?:<arg_key>|$))\s*/y

/** `NAME`, then `<arg_key>` and `<arg_value>` for each argument. Strings stand bare, other values as JSON. */
const calls: TaggedCalls = {
  ...TOOL_CALL,
  endsInsideValue: (body) => body.lastIndexOf('<arg_value>') > body.lastIndexOf('</arg_value>'),
  read(body, request) {
    const [, name, rest = ''] = CALL.exec(body) ?? []
    const given = pairsIn(rest, ARGUMENT)
    if (name === undefined || given === null) return null
    return { name, arguments: asObject(given, { request, name }) }
  },
}

/** GLM-4.5 and 4.6: tags for keys and values between `<tool_call>` and `</tool_call>`, reasoning in `<think>`. */
export const glm45: AnswerFormat = {
  name: 'glm-4.5',
  readsCalls: true,
  marksAreSpecial: false,
  open: (request) => taggedReader(calls, request),
}
