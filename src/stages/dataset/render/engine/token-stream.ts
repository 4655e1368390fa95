import { EngineError } from './errors.js'
import type { Token } from './lexer.js'

const LITERALS = new Set(['true', 'false', 'none', 'True', 'False', 'None'])

/** The tokens of a template, read one by one, and the names that its macros read. */
export class TokenStream {
  private at = 0
  private readonly readers: Set<string>[] = []

  constructor(private readonly tokens: readonly Token[]) {}

  get current(): Token {
    return this.peek(0)
  }

  get line(): number {
    return this.current.line
  }

  peek(ahead: number): Token {
    const token = this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)]
    if (token === undefined) throw new Error('a template has at least its end token')
    return token
  }

  next(): Token {
    const token = this.current
    this.at += 1
    return token
  }

  is(type: Token['type'], ...values: readonly string[]): boolean {
    const { type: found, value } = this.current
    return found === type && (values.length === 0 || values.some((each) => each === value))
  }

  skipIf(type: Token['type'], value: string): boolean {
    if (!this.is(type, value)) return false
    this.at += 1
    return true
  }

  expect(type: Token['type'], value?: string): Token {
    if (!this.is(type, ...(value === undefined ? [] : [value]))) this.fail(`expected ${value ?? type}`)
    return this.next()
  }

  /** A name that is no literal. */
  expectName(): string {
    const name = String(this.expect('name').value)
    return LITERALS.has(name) ? this.fail(`${name} cannot be assigned to`) : name
  }

  noteRead(name: string): void {
    for (const reader of this.readers) reader.add(name)
  }

  /** Parses something and says which names it reads. */
  readsOf<T>(parse: () => T): { readonly parsed: T; readonly reads: ReadonlySet<string> } {
    const reads = new Set<string>()
    this.readers.push(reads)
    const parsed = parse()
    this.readers.pop()
    return { parsed, reads }
  }

  fail(message: string): never {
    const { type, value } = this.current
    const found = value === '' ? type : JSON.stringify(String(value))
    throw new EngineError('template.unreadable', `${message} at ${found}`, this.line)
  }
}
