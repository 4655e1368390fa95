import { randomUUID } from 'node:crypto'
import { collectingReader, type CollectedCalls } from './collected.js'
import { text, type AnswerFormat, type Piece } from './format.js'
import { jsonCall } from './json-call.js'
import { elementsOf, endOfValue, isObject, membersOf, stringIn } from './json-text.js'

const TAG = '[TOOL_CALLS]'
const NAMED = /^([^\s[\]{}"]+)\s*(?:\[CALL_ID\]\s*(\w+)\s*)?(?:\[ARGS\]\s*)?(?=\{)/

const calls: CollectedCalls = {
  tag: TAG,
  mayBegin: () => false,
  wasMeant: () => false,
  read(body) {
    const pieces: Piece[] = []
    for (let rest = body; ;) {
      const found = listed(rest.trimStart()) ?? named(rest.trimStart())
      if (found === null) return null
      pieces.push(...found.pieces)
      rest = found.rest
      if (!rest.trimStart().startsWith(TAG)) return [...pieces, ...text(rest.trim() === '' ? '' : rest)]
      rest = rest.trimStart().slice(TAG.length)
    }
  },
}

/**
 * Mistral: after `[TOOL_CALLS]` a list of `{"name", "arguments", "id"}` (tokenizer versions 3 to 7, with Nemo), or a call by its name,
 * `NAME[ARGS]{…}`, the tag before each (11 and later).
 */
export const mistral: AnswerFormat = {
  name: 'mistral',
  readsCalls: true,
  marksAreSpecial: true,
  open: (request) => collectingReader(calls, request),
}

interface Found {
  readonly pieces: readonly Piece[]
  readonly rest: string
}

function listed(body: string): Found | null {
  const end = body.startsWith('[') ? endOfValue(body, 0) : -1
  const elements = end < 0 ? null : elementsOf(body.slice(0, end))
  if (elements === null || elements.length === 0) return null
  const pieces: Piece[] = []
  for (const element of elements) {
    const call = jsonCall(element, ['arguments', 'parameters'])
    if (call === null) return null
    pieces.push({ type: 'toolCall', ...call, id: idOf(stringIn(membersOf(element)?.get('id'))) })
  }
  return { pieces, rest: body.slice(end) }
}

function named(body: string): Found | null {
  const [head, name, id] = NAMED.exec(body) ?? []
  if (head === undefined || name === undefined) return null
  const end = endOfValue(body, head.length)
  const written = end < 0 ? '' : body.slice(head.length, end)
  if (!isObject(written)) return null
  return { pieces: [{ type: 'toolCall', name, arguments: written, id: idOf(id ?? null) }], rest: body.slice(end) }
}

/** The templates of this family refuse a conversation with any other id than nine letters and digits. */
const idOf = (own: string | null): string =>
  own !== null && /^[A-Za-z0-9]{9}$/.test(own) ? own : randomUUID().replaceAll('-', '').slice(0, 9)
