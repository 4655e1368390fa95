import type { AnswerFormat } from './format.js'
import { asObject, pairsIn } from './tagged-arguments.js'
import { taggedReader, TOOL_CALL, type TaggedCalls } from './tagged.js'

const FUNCTION = /^\s*<function=([^>\s]+)>\s*/
const FUNCTION_END = '</function>'
/** The template puts a line end before and after each value. */
const PARAMETER = /<parameter=([^>\n]+)>\n?([^]*?)\n?<\/parameter>(?=\s*(?:<parameter=|$))\s*/y

/** Values that are no text, as Python prints them: the older templates of the family do. */
const PYTHON = { True: 'true', False: 'false', None: 'null' }

const withoutEnd = (body: string): string => (body.endsWith(FUNCTION_END) ? body.slice(0, -FUNCTION_END.length) : body)

/** `<function=NAME>`, a `<parameter=KEY>` for each argument, `</function>`. Strings stand bare. */
const calls: TaggedCalls = {
  ...TOOL_CALL,
  before: /\n\n?$/,
  endsInsideValue(body) {
    const parameters = withoutEnd(body.trimEnd()).trimEnd()
    return parameters.includes('<parameter=') && !parameters.endsWith('</parameter>')
  },
  read(body, request) {
    const whole = body.trimEnd()
    const [head, name] = FUNCTION.exec(whole) ?? []
    if (head === undefined || name === undefined || !whole.endsWith(FUNCTION_END)) return null
    const given = pairsIn(withoutEnd(whole).slice(head.length).trimEnd(), PARAMETER)
    return given === null ? null : { name, arguments: asObject(given, { request, name, words: PYTHON }) }
  },
}

/** Qwen3-Coder, Qwen3.5 and later, Nemotron 3: tags for the function and its parameters between `<tool_call>` and `</tool_call>`. */
export const qwen3Coder: AnswerFormat = {
  name: 'qwen3-coder',
  readsCalls: true,
  marksAreSpecial: false,
  open: (request) => taggedReader(calls, request),
}
