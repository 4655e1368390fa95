import { collectingReader, type CollectedCalls } from './collected.js'
import type { AnswerFormat, Piece } from './format.js'
import { jsonCall, type Call } from './json-call.js'
import { endOfValue } from './json-text.js'
import { pairsIn } from './tagged-arguments.js'

const BUILT_IN = /^\s*([\w-]+)\.call\(([^]*)\)\s*$/
const BUILT_IN_ARGUMENT = /\s*([\w-]+)="([^]*?)"(?:,(?=\s*[\w-]+=")|\s*$)/y

const calls: CollectedCalls = {
  tag: '<|python_tag|>',
  mayBegin: (text) => text.startsWith('{'),
  read: (body, form) => asPieces(callsIn(body) ?? (form === 'tagged' ? builtInCall(body) : null)),
  /** JSON without a name is an answer that is JSON. */
  wasMeant: (body) => /^\s*\{\s*"(name|parameters)"/.test(body),
}

/**
 * Llama 3.1 to 3.3: an answer that is JSON (`{"name", "parameters"}`, several with `;` between) is calls, with or without
 * `<|python_tag|>` before; after that tag also `tool.call(argument="value")`.
 */
export const llama3: AnswerFormat = {
  name: 'llama-3',
  readsCalls: true,
  marksAreSpecial: true,
  open: (request) => collectingReader(calls, request),
}

const asPieces = (read: readonly Call[] | null): readonly Piece[] | null =>
  read?.map((call) => ({ type: 'toolCall', ...call })) ?? null

function callsIn(body: string): readonly Call[] | null {
  const found: Call[] = []
  let rest = body.trim()
  while (rest !== '') {
    const end = endOfValue(rest, 0)
    const call = end < 0 ? null : jsonCall(rest.slice(0, end), ['parameters', 'arguments'])
    if (call === null) return null
    found.push(call)
    rest = rest.slice(end).replace(/^\s*;?\s*/, '')
  }
  return found.length === 0 ? null : found
}

/** The template prints values between quotation marks as they are. */
function builtInCall(body: string): readonly Call[] | null {
  const [, name, written = ''] = BUILT_IN.exec(body) ?? []
  const given = pairsIn(written, BUILT_IN_ARGUMENT)
  if (name === undefined || given === null) return null
  const members = given.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
  return [{ name, arguments: `{${members.join(', ')}}` }]
}
