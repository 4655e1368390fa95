import { field, isCount, isFields, listIn, omit, textIn, type Fields } from '../../json/index.js'
import { KIND } from '../marks.js'
import { REASONING } from './message.js'

/** What a stream's chunks say of one choice, as the message of a whole response. */
export class GatheredMessage {
  readonly #calls = new Map<string, { call: Fields; name: string; text: string; isCustom: boolean }>()
  /** The call that a piece without an id belongs to, by index. */
  readonly #latest = new Map<string, string>()
  #content: string | undefined
  #reasoning: string | undefined
  #kind: string | undefined
  /** What was last said, by which stretches of reasoning are told apart. */
  #last = ''
  #legacy: { name: string; text: string } | undefined
  #rest: Record<string, unknown> = {}
  finish: string | undefined

  /** @param choice one of a chunk's */
  take(choice: unknown): void {
    const delta = field(choice, 'delta')
    if (isFields(delta)) this.#delta(delta)
    const finish = textIn(choice, 'finish_reason')
    if (finish !== undefined) this.finish = finish
  }

  get isSaid(): boolean {
    const said = [this.#content, this.#reasoning, this.#legacy].some((one) => one !== undefined)
    return said || this.#calls.size > 0 || this.finish !== undefined || Object.keys(this.#rest).length > 0
  }

  /** In the form of a whole response's `message`. */
  message(): Fields {
    const calls = [...this.#calls.values()].map(({ call, name, text, isCustom }) =>
      isCustom ? { ...call, custom: { name, input: text } } : { ...call, function: { name, arguments: text } },
    )
    return {
      role: 'assistant',
      content: this.#content ?? null,
      ...(this.#reasoning === undefined ? {} : { reasoning_content: this.#reasoning }),
      ...(this.#kind === undefined ? {} : { [KIND]: this.#kind }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
      ...(this.#legacy === undefined
        ? {}
        : { function_call: { name: this.#legacy.name, arguments: this.#legacy.text } }),
      ...this.#rest,
    }
  }

  #delta(delta: Fields): void {
    const thought = REASONING.map((name) => textIn(delta, name)).find((one) => one !== undefined && one !== '')
    if (thought !== undefined) this.#think(thought)
    this.#kind ??= textIn(delta, KIND)
    const content = delta['content']
    const text = typeof content === 'string' ? content : textOfParts(content)
    if (text !== '') this.#say('content', () => (this.#content = (this.#content ?? '') + text))
    for (const call of listIn(delta, 'tool_calls')) this.#say('call', () => this.#call(call))
    if (isFields(delta['function_call'])) this.#legacyCall(delta['function_call'])
    this.#keep(omit(delta, 'role', 'content', 'tool_calls', 'function_call', KIND, ...REASONING))
  }

  /** Thoughts that something else parts are stretches of their own. */
  #think(text: string): void {
    const between = this.#reasoning !== undefined && this.#last !== 'reasoning' ? '\n\n' : ''
    this.#say('reasoning', () => (this.#reasoning = `${this.#reasoning ?? ''}${between}${text}`))
  }

  #say(kind: string, take: () => void): void {
    take()
    this.#last = kind
  }

  /** Pieces of a call have its index; where a server gives none, or the same to all, a new id begins a new call. */
  #call(piece: unknown): void {
    const id = textIn(piece, 'id')
    const key = this.#keyOf(field(piece, 'index'), id === '' ? undefined : id)
    const isCustom = isFields(field(piece, 'custom'))
    const open = this.#calls.get(key) ?? {
      call: omit(piece as Fields, 'index', 'function', 'custom'),
      name: '',
      text: '',
      isCustom,
    }
    const made = field(piece, isCustom ? 'custom' : 'function')
    if (open.name === '') open.name = textIn(made, 'name') ?? ''
    if (id !== undefined && id !== '' && idOf(open.call) === undefined) open.call = { ...open.call, id }
    const given = field(made, isCustom ? 'input' : 'arguments')
    open.text += typeof given === 'string' ? given : given === undefined || given === null ? '' : JSON.stringify(given)
    this.#calls.set(key, open)
  }

  /** An index names one call after the other where a server numbers none: another id begins another. */
  #keyOf(index: unknown, id: string | undefined): string {
    const place = isCount(index) ? `#${index}` : '#'
    const open = this.#latest.get(place)
    const begun = open === undefined ? undefined : idOf(this.#calls.get(open)?.call)
    const isSame = open !== undefined && (id === undefined || begun === undefined || begun === id)
    const key = isSame ? open : `${place} ${id ?? ''}`
    this.#latest.set(place, key)
    return key
  }

  #legacyCall(piece: Fields): void {
    const open = (this.#legacy ??= { name: '', text: '' })
    open.name += textIn(piece, 'name') ?? ''
    open.text += textIn(piece, 'arguments') ?? ''
  }

  /** Texts grow, lists too; of anything else the last counts. */
  #keep(rest: Fields): void {
    for (const [name, value] of Object.entries(rest)) {
      const before = Object.hasOwn(this.#rest, name) ? this.#rest[name] : undefined
      if (value === null || value === undefined) continue
      if (typeof before === 'string' && typeof value === 'string') this.#rest[name] = before + value
      else if (Array.isArray(before) && Array.isArray(value)) this.#rest[name] = [before, value].flat()
      else Object.defineProperty(this.#rest, name, { value, enumerable: true, writable: true, configurable: true })
    }
  }
}

/** An id that comes with a later piece is none yet. */
function idOf(call: unknown): string | undefined {
  const id = textIn(call, 'id')
  return id === '' ? undefined : id
}

/** Mistral streams parts of content. */
const textOfParts = (content: unknown): string =>
  Array.isArray(content) ? content.map((part: unknown) => textIn(part, 'text') ?? '').join('') : ''
