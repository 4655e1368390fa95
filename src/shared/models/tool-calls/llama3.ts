import {
  beginningLength,
  text,
  unread,
  type AnswerFormat,
  type Piece,
  type Reader,
  type ReadRequest,
} from './format.js'
import { endOfValue, isObject, membersOf, stringIn } from './json-text.js'

const TAG = '<|python_tag|>'
const BUILT_IN = /^\s*([\w-]+)\.call\(([^]*)\)\s*$/
const BUILT_IN_ARGUMENT = /\s*([\w-]+)="([^]*?)"(?:,(?=\s*[\w-]+=")|\s*$)/y

interface Call {
  readonly name: string
  readonly arguments: string
}

/**
 * Llama 3.1 to 3.3: an answer that is JSON (`{"name", "parameters"}`, several with `;` between) is calls, with or without
 * `<|python_tag|>` before; after that tag also `tool.call(argument="value")`.
 */
export const llama3: AnswerFormat = {
  name: 'llama-3',
  readsCalls: true,
  marksAreSpecial: true,
  open: (request) => new LlamaReader(request),
}

class LlamaReader implements Reader {
  private held = ''
  private spoken = false
  /** All from here on may be calls, and shows at the end what it is. */
  private collecting = false

  constructor(private readonly request: ReadRequest) {}

  feed(chunk: string): readonly Piece[] {
    this.held += chunk
    if (this.collecting) return []
    if (this.request.tools.length === 0) return this.say(this.held.length)
    const begins = this.held.trimStart()
    if (!this.spoken && begins.startsWith('{')) return this.collect(0)
    const at = this.held.indexOf(TAG)
    if (at >= 0) return this.collect(at)
    return !this.spoken && begins === '' ? [] : this.say(this.held.length - beginningLength(this.held, [TAG]))
  }

  end(): readonly Piece[] {
    if (!this.collecting) return this.say(this.held.length)
    const tagged = this.held.startsWith(TAG)
    const body = tagged ? this.held.slice(TAG.length) : this.held
    const calls = callsIn(body) ?? (tagged ? builtInCall(body) : null)
    if (calls !== null) return calls.map((call) => ({ type: 'toolCall', ...call }))
    return tagged || isCallLike(body) ? unread(this.held, 'cannot be read') : text(this.held)
  }

  private collect(at: number): readonly Piece[] {
    const said = this.say(at)
    this.collecting = true
    return said
  }

  private say(length: number): readonly Piece[] {
    const said = this.held.slice(0, length)
    this.held = this.held.slice(length)
    if (said.trim() !== '') this.spoken = true
    return text(said)
  }
}

/** JSON without a name is an answer that is JSON. */
const isCallLike = (body: string): boolean => /^\s*\{\s*"(name|parameters)"/.test(body)

function callsIn(body: string): readonly Call[] | null {
  const calls: Call[] = []
  let rest = body.trim()
  while (rest !== '') {
    const end = endOfValue(rest, 0)
    const call = end < 0 ? null : callIn(rest.slice(0, end))
    if (call === null) return null
    calls.push(call)
    rest = rest.slice(end).replace(/^\s*;?\s*/, '')
  }
  return calls.length === 0 ? null : calls
}

function callIn(written: string): Call | null {
  const members = membersOf(written)
  const name = stringIn(members?.get('name'))
  const given = members?.get('parameters') ?? members?.get('arguments')
  if (name === null || given === undefined) return null
  const inner = stringIn(given)
  return { name, arguments: inner !== null && isObject(inner) ? inner : given }
}

/** The template prints values between quotation marks as they are. */
function builtInCall(body: string): readonly Call[] | null {
  const [, name, given = ''] = BUILT_IN.exec(body) ?? []
  if (name === undefined) return null
  const members: string[] = []
  for (let place = 0; place < given.length;) {
    BUILT_IN_ARGUMENT.lastIndex = place
    const [found, key, value] = BUILT_IN_ARGUMENT.exec(given) ?? []
    if (found === undefined) return null
    members.push(`${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    place += found.length
  }
  return [{ name, arguments: `{${members.join(', ')}}` }]
}
