import { EngineError } from './errors.js'
import { PyDict, type Key, type Value } from './values.js'

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
const STRING = /"[^"\\]*(?:\\[^][^"\\]*)*"/y
const SPACE = /[ \t\n\r]*/y
const WORDS: ReadonlyMap<string, null | boolean | number> = new Map<string, null | boolean | number>([
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
])

/** Python's `json.loads` of a text that is known to be JSON: integers of any size, floats as floats, keys in their order. */
export function readJson(text: string): Value {
  return new Reader(text).read()
}

class Reader {
  private at = 0

  constructor(private readonly text: string) {}

  read(): Value {
    const value = this.value()
    this.skipSpace()
    return this.at === this.text.length ? value : this.fail()
  }

  private value(): Value {
    this.skipSpace()
    const first = this.text[this.at]
    if (first === '"') return this.string()
    if (first === '[') return this.list()
    if (first === '{') return this.dict()
    for (const [word, value] of WORDS) {
      if (!this.text.startsWith(word, this.at)) continue
      this.at += word.length
      return value
    }
    return this.number()
  }

  private number(): Value {
    const match = this.match(NUMBER)
    if (match === null) return this.fail()
    const [literal, fraction, exponent] = match
    return fraction === undefined && exponent === undefined ? BigInt(literal) : Number(literal)
  }

  private string(): string {
    const match = this.match(STRING)
    return match === null ? this.fail() : (JSON.parse(match[0]) as string)
  }

  private list(): readonly Value[] {
    const items: Value[] = []
    this.each(']', () => items.push(this.value()))
    return items
  }

  /** Of a key that stands twice the last value holds, in the place of the first. */
  private dict(): PyDict {
    const entries = new Map<Key, Value>()
    this.each('}', () => {
      this.skipSpace()
      const key = this.string()
      this.skipSpace()
      this.take(':')
      entries.set(key, this.value())
    })
    return new PyDict(entries)
  }

  private each(end: string, read: () => void): void {
    this.at += 1
    this.skipSpace()
    if (this.text[this.at] === end) {
      this.at += 1
      return
    }
    for (;;) {
      read()
      this.skipSpace()
      if (this.text[this.at] === end) break
      this.take(',')
    }
    this.at += 1
  }

  private take(expected: string): void {
    if (this.text[this.at] !== expected) this.fail()
    this.at += 1
  }

  private skipSpace(): void {
    this.match(SPACE)
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)
    if (match !== null) this.at += match[0].length
    return match
  }

  private fail(): never {
    throw new EngineError('value.prints-differently', `no JSON at character ${this.at}`)
  }
}
