import type { AnswerFormat } from './format.js'
import { endsInsideString, isObject } from './json-text.js'
import { taggedReader, type TaggedCalls } from './tagged.js'

const SEPARATOR = '<｜tool▁sep｜>'
const FENCED = /^([^\n]+)\n```json\n([^]*?)\n```\s*$/

/** V3 and R1: `function`, the separator, the name, and the arguments in a fence; V3.1: the name, the separator, the arguments. */
const calls: TaggedCalls = {
  open: '<｜tool▁call▁begin｜>',
  close: '<｜tool▁call▁end｜>',
  around: ['<｜tool▁calls▁begin｜>', '<｜tool▁calls▁end｜>'],
  before: /(?!)/,
  endsInsideValue: endsInsideString,
  read(body) {
    const at = body.indexOf(SEPARATOR)
    if (at < 0) return null
    const rest = body.slice(at + SEPARATOR.length)
    const [, fencedName, fenced] = FENCED.exec(rest) ?? []
    const name = (fencedName ?? body.slice(0, at)).trim()
    const written = fenced ?? rest
    return name !== '' && isObject(written) ? { name, arguments: written } : null
  },
}

/** DeepSeek V3, R1 and V3.1: calls between tags of their own, reasoning in `<think>`. */
export const deepseek: AnswerFormat = {
  name: 'deepseek',
  readsCalls: true,
  marksAreSpecial: true,
  open: (request) => taggedReader(calls, request),
}
