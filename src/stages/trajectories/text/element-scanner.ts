import {
  bytesOf,
  keep,
  keyIn,
  pastString,
  type Element,
  type Place,
  type Problem,
  type Token,
} from './element-token.js'
import {
  BYTE_ORDER_MARK,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  KINDS,
  NEW_LINE,
  OPEN,
  OPEN_ARRAY,
  OPEN_OBJECT,
  PLAIN,
  QUOTE,
  SPACE,
  STRING,
  WRONG,
} from './json-bytes.js'
import { MAX_NESTING } from '../../../shared/json/index.js'

export type Scanned = { readonly element: Element } | { readonly problem: Problem }

type Frame = 'array' | 'object' | 'field'
type Expected = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'next' | 'end'

/**
 * Cuts JSON text (RFC 8259), given in chunks of any length, into the elements of its outermost array, or the fields of its outermost object;
 * a field that is an array is cut into its elements, too. What is empty is one element. The first problem of the document itself is the last item.
 */
export class ElementScanner {
  readonly #maxBytes: number
  #chunk: Buffer = Buffer.alloc(0)
  #at = 0
  /** Offset of the chunk in the file. */
  #base = 0
  #line = 1
  #lineStart = 0
  #expected: Expected = 'value'
  readonly #frames: { readonly kind: Frame; readonly place: Place }[] = []
  #key = ''
  #index = 0
  #token: Token | null = null
  #stopped = false

  constructor(maxElementBytes: number) {
    this.#maxBytes = maxElementBytes
  }

  /** True where nothing more can be read. */
  get stopped(): boolean {
    return this.#stopped
  }

  *push(chunk: Buffer): Generator<Scanned> {
    this.#chunk = chunk
    this.#at = 0
    this.#passMark()
    while (this.#at < chunk.length && !this.#stopped) {
      const item = this.#token === null ? this.#structure() : this.#inside(this.#token)
      if (item !== null) yield item
    }
    if (this.#token !== null) keep(this.#token, chunk, chunk.length, this.#maxBytes)
    this.#base += chunk.length
    this.#at = 0
  }

  *finish(): Generator<Scanned> {
    if (this.#stopped) return
    const token = this.#token
    this.#chunk = Buffer.alloc(0)
    if (token?.shape === 'scalar' && this.#frames.length === 0)
      yield* [this.#close(token)].filter((one) => one !== null)
    else if (this.#expected !== 'end' || token !== null) yield this.#fail('cut')
  }

  /** A byte order mark may come in pieces, too. */
  #passMark(): void {
    while (this.#at < this.#chunk.length && this.#chunk[this.#at] === BYTE_ORDER_MARK[this.#base + this.#at])
      this.#at += 1
  }

  /** White space, or one byte between tokens. */
  #structure(): Scanned | null {
    const code = this.#pastSpace()
    if (code === undefined) return null
    switch (this.#expected) {
      case 'first-value':
      case 'value':
        if (code === CLOSE_ARRAY && this.#expected === 'first-value') return this.#leave('[]')
        return this.#value(code)
      case 'first-key':
      case 'key':
        if (code === CLOSE_OBJECT && this.#expected === 'first-key') return this.#leave('{}')
        return code === QUOTE ? this.#open('key', 'string') : this.#fail('syntax')
      case 'colon':
        return code === COLON ? this.#step('value') : this.#fail('syntax')
      case 'next':
        return this.#next(code)
      case 'end':
        return this.#fail('syntax')
    }
  }

  /** The first byte that is no white space. */
  #pastSpace(): number | undefined {
    const chunk = this.#chunk
    for (; this.#at < chunk.length; this.#at += 1) {
      const kind = KINDS[chunk[this.#at] ?? 0]
      if (kind === NEW_LINE) this.#newLine(this.#at)
      else if (kind !== SPACE) break
    }
    return chunk[this.#at]
  }

  #next(code: number): Scanned | null {
    const isObject = this.#frames.at(-1)?.kind === 'object'
    if (code === COMMA) {
      this.#index += 1
      return this.#step(isObject ? 'key' : 'value')
    }
    return code === (isObject ? CLOSE_OBJECT : CLOSE_ARRAY) ? this.#leave(null) : this.#fail('syntax')
  }

  #value(code: number): Scanned | null {
    const outer = this.#frames.at(-1)?.kind
    if (code === OPEN_ARRAY && (outer === undefined || outer === 'object')) {
      return this.#enter(outer === undefined ? 'array' : 'field')
    }
    if (code === OPEN_OBJECT && outer === undefined) return this.#enter('object')
    const kind = KINDS[code]
    if (kind === OPEN) return this.#open('element', 'container')
    if (kind === STRING) return this.#open('element', 'string')
    return kind === PLAIN && code !== COMMA && code !== COLON ? this.#open('element', 'scalar') : this.#fail('syntax')
  }

  #enter(kind: Frame): null {
    this.#frames.push({ kind, place: this.#place(this.#at) })
    if (kind !== 'object') this.#index = 0
    return this.#step(kind === 'object' ? 'first-key' : 'first-value')
  }

  /** @param empty the text of a container that held nothing, which is an element by itself */
  #leave(empty: string | null): Scanned | null {
    const frame = this.#frames.pop()
    this.#step(this.#frames.length === 0 ? 'end' : 'next')
    if (empty === null || frame === undefined) return null
    return { element: { path: this.#path(), bytes: Buffer.from(empty), ...frame.place } }
  }

  #step(expected: Expected): null {
    this.#expected = expected
    this.#at += 1
    return null
  }

  #open(kind: Token['kind'], shape: Token['shape']): null {
    const blank = { pieces: [], length: 0, depth: 0, inString: shape === 'string', escaped: false, problem: null }
    this.#token = { kind, shape, place: this.#place(this.#at), start: this.#at, ...blank }
    if (shape === 'string') this.#at += 1
    return null
  }

  /** Reads on in a token; its element where it ends in this chunk. */
  #inside(token: Token): Scanned | null {
    const ended =
      token.shape === 'container'
        ? this.#container(token)
        : token.shape === 'string'
          ? this.#string(token)
          : this.#scalar()
    if (ended === 'wrong') return this.#fail('syntax')
    return ended ? this.#close(token) : null
  }

  #scalar(): boolean {
    const chunk = this.#chunk
    let at = this.#at
    for (; at < chunk.length; at += 1) {
      const code = chunk[at] ?? 0
      if (KINDS[code] !== PLAIN || code === COMMA || code === COLON) break
    }
    this.#at = at
    return at < chunk.length
  }

  #container(token: Token): boolean | 'wrong' {
    const chunk = this.#chunk
    if (token.inString && !this.#string(token)) return false
    let at = this.#at
    for (; at < chunk.length; at += 1) {
      const kind = KINDS[chunk[at] ?? 0]
      if (kind === PLAIN || kind === SPACE) continue
      this.#at = at
      if (kind === STRING) {
        token.inString = true
        this.#at += 1
        if (!this.#string(token)) return false
        at = this.#at - 1
      } else if (kind === NEW_LINE) this.#newLine(at)
      else if (kind === WRONG) return 'wrong'
      else if (kind === OPEN) {
        token.depth += 1
        if (token.depth > MAX_NESTING) token.problem ??= { why: 'too-deep', ...this.#place(at) }
      } else {
        token.depth -= 1
        if (token.depth > 0) continue
        this.#at = at + 1
        return true
      }
    }
    this.#at = at
    return false
  }

  #string(token: Token): boolean {
    this.#at = pastString(token, this.#chunk, this.#at)
    return !token.inString
  }

  #close(token: Token): Scanned | null {
    keep(token, this.#chunk, this.#at, this.#maxBytes)
    this.#token = null
    const tooLarge = token.length > this.#maxBytes ? ({ why: 'too-large', ...token.place } as const) : null
    const problem = tooLarge ?? token.problem
    if (token.kind === 'key') return this.#closeKey(token, problem)
    this.#expected = this.#frames.length === 0 ? 'end' : 'next'
    if (problem !== null) return { problem }
    return { element: { path: this.#path(), bytes: bytesOf(token), ...token.place } }
  }

  #closeKey(token: Token, problem: Problem | null): Scanned | null {
    const key = problem === null ? keyIn(bytesOf(token)) : null
    if (key === null) {
      this.#stopped = true
      return { problem: problem ?? { why: 'syntax', ...token.place } }
    }
    this.#key = key
    this.#expected = 'colon'
    return null
  }

  #fail(why: Problem['why']): Scanned {
    this.#stopped = true
    return { problem: { why, ...this.#place(this.#at) } }
  }

  #path(): (string | number)[] {
    const kind = this.#frames.at(-1)?.kind
    if (kind === undefined) return []
    if (kind === 'array') return [this.#index]
    return kind === 'object' ? [this.#key] : [this.#key, this.#index]
  }

  #newLine(at: number): void {
    this.#line += 1
    this.#lineStart = this.#base + at + 1
  }

  #place(at: number): Place {
    const offset = this.#base + at
    return { offset, line: this.#line, column: offset - this.#lineStart + 1 }
  }
}
