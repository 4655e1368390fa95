import { EngineError } from './errors.js'
import { trimEnd, WHITESPACE } from './whitespace.js'
import { unescape } from './unescape.js'

export type Token = { readonly line: number } & (
  | { readonly type: 'text' | 'name' | 'string' | 'operator'; readonly value: string }
  | { readonly type: 'integer'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'begin-print' | 'end-print' | 'begin-block' | 'end-block' | 'end'; readonly value: '' }
)

const END_BLOCK = new RegExp(`\\+%\\}|-%\\}${WHITESPACE}*|%\\}\\n?`, 'y')
const END_PRINT = new RegExp(`-\\}\\}${WHITESPACE}*|\\}\\}`, 'y')
const END_COMMENT = new RegExp(`\\+#\\}|-#\\}${WHITESPACE}*|#\\}\\n?`, 'g')
const RAW = new RegExp(`\\{%[-+]?${WHITESPACE}*raw${WHITESPACE}*(?:-%\\}${WHITESPACE}*|%\\})`, 'y')
const END_RAW = new RegExp(`\\{%([-+]?)${WHITESPACE}*endraw${WHITESPACE}*(?:\\+%\\}|-%\\}${WHITESPACE}*|%\\}\\n?)`, 'g')
const SPACES = new RegExp(`${WHITESPACE}+`, 'y')
const ONLY_SPACES = new RegExp(`^${WHITESPACE}+$`)
const FLOAT = /(?<!\.)\d+(?:_\d+)*(?:(?:\.\d+(?:_\d+)*)?e[+-]?\d+(?:_\d+)*|\.\d+(?:_\d+)*)/iy
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy
const NAME = /[A-Za-z_0-9]+/y
const STRING = /'[^'\\]*(?:\\[^][^'\\]*)*'|"[^"\\]*(?:\\[^][^"\\]*)*"/y
const OPERATOR = /\*\*|\/\/|==|!=|<=|>=|[-+/*%~[\](){}<>=.:|,;]/y
const CLOSING: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' }

/**
 * Cuts a template into tokens as jinja2's lexer does with trim_blocks and lstrip_blocks: line ends become `\n`, one at the very end goes,
 * a block tag takes the line end after it and the white space before it on its line.
 */
export function tokenise(template: string): readonly Token[] {
  const source = template.replaceAll(/\r\n|\r/g, '\n').replace(/\n$/, '')
  return new Lexer(source).run()
}

class Lexer {
  private readonly tokens: Token[] = []
  private at = 0
  private line = 1
  private lineStarts = true

  constructor(private readonly source: string) {}

  run(): readonly Token[] {
    while (this.at < this.source.length) this.readRoot()
    this.tokens.push({ type: 'end', value: '', line: this.line })
    return this.tokens
  }

  /** Text up to the next tag, then the tag. */
  private readRoot(): void {
    const tag = this.nextTag()
    if (tag === -1) {
      this.pushText(this.source.slice(this.at))
      this.at = this.source.length
      return
    }
    const kind = this.source[tag + 1]
    const sign = /[-+]/.exec(this.source[tag + 2] ?? '')?.[0] ?? ''
    this.pushText(this.source.slice(this.at, tag), sign, kind !== '{')
    this.at = tag
    if (kind === '%' && this.readRaw()) return
    this.advance(2 + sign.length)
    if (kind === '#') this.readComment()
    else if (kind === '{') this.readCode('begin-print', 'end-print', END_PRINT)
    else this.readCode('begin-block', 'end-block', END_BLOCK)
  }

  private nextTag(): number {
    for (let at = this.source.indexOf('{', this.at); at >= 0; at = this.source.indexOf('{', at + 1)) {
      const next = this.source[at + 1]
      if (next === '%' || next === '{' || next === '#') return at
    }
    return -1
  }

  private pushText(text: string, sign = '', isBlock = false): void {
    const kept = this.strip(text, sign, isBlock)
    if (kept !== '') this.tokens.push({ type: 'text', value: kept, line: this.line })
    this.line += countLines(text)
  }

  private strip(text: string, sign: string, isBlock: boolean): string {
    if (sign === '-') return trimEnd(text)
    if (sign === '+' || !isBlock) return text
    const start = text.lastIndexOf('\n') + 1
    if (start === 0 && !this.lineStarts) return text
    return ONLY_SPACES.test(text.slice(start)) ? text.slice(0, start) : text
  }

  private readComment(): void {
    END_COMMENT.lastIndex = this.at
    const end = END_COMMENT.exec(this.source)
    if (end === null) this.fail('a comment has no end')
    this.advance(end.index + end[0].length - this.at)
  }

  private readRaw(): boolean {
    const begin = this.match(RAW)
    if (begin === null) return false
    this.advance(begin.length)
    END_RAW.lastIndex = this.at
    const end = END_RAW.exec(this.source)
    if (end === null) this.fail('a raw block has no end')
    this.pushText(this.source.slice(this.at, end.index), end[1], true)
    this.line -= countLines(this.source.slice(this.at, end.index))
    this.advance(end.index + end[0].length - this.at)
    return true
  }

  /** Tokens of one tag, through its end; an end within brackets is none. */
  private readCode(begin: 'begin-print' | 'begin-block', end: 'end-print' | 'end-block', ending: RegExp): void {
    this.tokens.push({ type: begin, value: '', line: this.line })
    const open: string[] = []
    for (;;) {
      const closed = open.length === 0 ? this.match(ending) : null
      if (closed !== null) {
        this.tokens.push({ type: end, value: '', line: this.line })
        this.advance(closed.length)
        return
      }
      this.readToken(open)
    }
  }

  private readToken(open: string[]): void {
    const spaces = this.match(SPACES)
    if (spaces !== null) {
      this.advance(spaces.length)
      return
    }
    const [token, length] = this.tokenAt(open)
    this.tokens.push(token)
    this.advance(length)
  }

  /** The next token of a tag, and how long it is. */
  private tokenAt(open: string[]): readonly [Token, number] {
    const { line } = this
    const float = this.match(FLOAT)
    if (float !== null) return [{ type: 'float', value: Number(float.replaceAll('_', '')), line }, float.length]
    const integer = this.match(INTEGER)
    if (integer !== null) return [{ type: 'integer', value: BigInt(integer.replaceAll('_', '')), line }, integer.length]
    const name = this.match(NAME)
    if (name !== null) return [{ type: 'name', value: name, line }, name.length]
    const text = this.match(STRING)
    if (text !== null) return [{ type: 'string', value: this.unescaped(text), line }, text.length]
    const operator = this.match(OPERATOR)
    if (operator === null) this.fail(`unexpected ${JSON.stringify(this.source[this.at] ?? 'end')}`)
    this.balance(operator, open)
    return [{ type: 'operator', value: operator, line }, operator.length]
  }

  private balance(operator: string, open: string[]): void {
    const closing = CLOSING[operator]
    if (closing !== undefined) open.push(closing)
    else if (/[})\]]/.test(operator) && open.pop() !== operator) this.fail(`unexpected ${operator}`)
  }

  private unescaped(literal: string): string {
    const value = unescape(literal.slice(1, -1))
    return value ?? this.fail(`the string ${literal} holds an escape that is not read here`)
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    return pattern.exec(this.source)?.[0] ?? null
  }

  private advance(length: number): void {
    const passed = this.source.slice(this.at, this.at + length)
    this.line += countLines(passed)
    this.lineStarts = passed.endsWith('\n')
    this.at += length
  }

  private fail(message: string): never {
    throw new EngineError('template.unreadable', message, this.line)
  }
}

const countLines = (text: string): number => text.split('\n').length - 1
