import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FILE = fileURLToPath(new URL('battery.jsonl', import.meta.url))

/** A small template, of one construct mostly. */
export interface Construct {
  readonly template: string
  /** What transformers prints by it; null where it refuses. */
  readonly text: string | null
  /** transformers prints something, and the engine here refuses: it is not known for certain. */
  readonly unsure?: true
}

export const readBattery = (): readonly Construct[] =>
  readFileSync(FILE, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Construct)

export const writeBattery = (constructs: readonly Construct[]): void =>
  writeFileSync(FILE, constructs.map((each) => `${JSON.stringify(each)}\n`).join(''))

/** Variables that the small templates see. */
export const VARIABLES = {
  none: null,
  text: 'Hello wörld 😀 it\'s "quoted" & <b>',
  spaced: '\u001c\u0085\ufeff \t\n inner \ufeff \n',
  lines: 'one\n\n  two\r\nthree\u2028four\n',
  crlf: 'a\r\nb\rc',
  empty: '',
  emoji: '👩‍👩‍👧x😀y',
  small: 3,
  fraction: 0.1,
  tiny: 1e-7,
  big: 12345678901234,
  yes: true,
  list: [3, 1, 2],
  words: ['b', 'A', 'c', 'a', 'é', '😀', '\uffff'],
  nested: [{ name: 'x', deep: { n: 1 } }, { name: 'y', deep: { n: 2 } }, { name: 'Z' }],
  dict: { b: 1, a: 'x', C: null, items: 'field', list: [1, [2, 'two'], { k: "it's" }] },
  odd: { ключ: 'é\n\u2028\u007f\u0000', 'a"b': "a'b", both: `'"`, nested: { e: {}, l: [] } },
} as const

const ARGUMENTS =
  '{"b": 1.0, "1": 1e400, "0": -0.0, "b": [12345678901234567890, 1e22, 5e-324, -0, NaN], "__proto__": {}}'
const CALL = { id: 'c', type: 'function', function: { name: 'f', arguments: ARGUMENTS } } as const

/** Messages whose arguments JavaScript's values cannot hold. */
export const MESSAGES = [
  { role: 'user', content: '\u0085 hi \ufeff' },
  { role: 'assistant', content: '', tool_calls: [CALL] },
] as const
