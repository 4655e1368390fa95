import {
  beginningLength,
  text,
  unread,
  type AnswerFormat,
  type Piece,
  type Reader,
  type ReadRequest,
} from './format.js'
import { Held } from './held.js'
import { jsonCall, type Call } from './json-call.js'
import { endOfValue } from './json-text.js'

const TAG = '<|python_tag|>'
const BUILT_IN = /^\s*([\w-]+)\.call\(([^]*)\)\s*$/
const BUILT_IN_ARGUMENT = /\s*([\w-]+)="([^]*?)"(?:,(?=\s*[\w-]+=")|\s*$)/y

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
  private readonly held = new Held()
  private spoken = false
  /** All from here on may be calls, and shows at the end what it is. */
  private collecting = false

  constructor(private readonly request: ReadRequest) {}

  feed(chunk: string): readonly Piece[] {
    this.held.add(chunk)
    if (this.collecting) return []
    if (this.request.tools.length === 0) return this.say()
    const begins = this.held.text.trimStart()
    if (!this.spoken && begins.startsWith('{')) return this.collect(0)
    const at = this.held.text.indexOf(TAG)
    if (at >= 0) return this.collect(at)
    return !this.spoken && begins === '' ? [] : this.say(this.held.text.length - beginningLength(this.held.text, [TAG]))
  }

  end(): readonly Piece[] {
    if (!this.collecting) return this.say()
    const tagged = this.held.text.startsWith(TAG)
    const body = tagged ? this.held.text.slice(TAG.length) : this.held.text
    const calls = callsIn(body) ?? (tagged ? builtInCall(body) : null)
    if (calls !== null) return calls.map((call) => ({ type: 'toolCall', ...call }))
    return tagged || isCallLike(body) ? unread(this.held.text, 'cannot be read') : text(this.held.text)
  }

  private collect(at: number): readonly Piece[] {
    const said = this.say(at)
    this.collecting = true
    return said
  }

  private say(length?: number): readonly Piece[] {
    const said = this.held.take(length)
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
    const call = end < 0 ? null : jsonCall(rest.slice(0, end), ['parameters', 'arguments'])
    if (call === null) return null
    calls.push(call)
    rest = rest.slice(end).replace(/^\s*;?\s*/, '')
  }
  return calls.length === 0 ? null : calls
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
