import { describe, expect, it } from 'vitest'
import type { Failure } from '../../../nouns/index.js'
import { GOOD, openBody, scored } from './testing/modules.js'

/** Tried again; all others would fail again. */
const AGAIN = ['scorer.timeout', 'scorer.memory', 'scorer.died']

describe("a module's scorer", () => {
  const bad: readonly [what: string, body: string, code: string, message: RegExp, more?: string][] = [
    ['never ends', 'await new Promise(() => {})', 'scorer.timeout', /within 1 seconds/, 'seconds: 1,'],
    ['loops', 'for (;;) {}', 'scorer.timeout', /within 1 seconds/, 'seconds: 1,'],
    [
      'prints a gigabyte',
      "for (;;) process.stdout.write('x'.repeat(65536)), await new Promise(setImmediate)",
      'scorer.output',
      /printed more/,
    ],
    [
      'prints a gigabyte at once, and then answers',
      `for (let i = 0; i < 1000; i += 1) console.log('x'.repeat(1e6)); return ${GOOD}`,
      'scorer.output',
      /printed more/,
    ],
    ['complains without end', "for (;;) console.error('x'.repeat(1e6))", 'scorer.output', /printed more/],
    [
      'complains a gigabyte',
      "for (;;) console.error('x'.repeat(65536)), await new Promise(setImmediate)",
      'scorer.output',
      /printed more/,
    ],
    [
      'answers with a gigabyte',
      "return { score: 1, max: 1, passed: true, feedback: 'x'.repeat(1 << 25) }",
      'scorer.output',
      /answer has more/,
    ],
    ['fills its heap', 'const a = []; for (;;) a.push(new Array(100000).fill(n++))', 'scorer.memory', /memory/],
    ['fills memory beside it', 'const a = []; for (;;) a.push(Buffer.alloc(1e8, 1))', 'scorer.memory', /memory/],
    ['takes 50 GB', 'const a = []; while (a.length < 500) a.push(Buffer.alloc(1e8, 1))', 'scorer.memory', /memory/],
    ['exits early', 'process.exit(0)', 'scorer.died', /exit code 0 before it answered/],
    ['aborts', 'process.abort()', 'scorer.died', /was ended/],
    ['throws', "throw new TypeError('not that')", 'scorer.threw', /not that/],
    ['throws what is no error', 'throw null', 'scorer.threw', /null/],
    [
      'signals',
      'process.kill(process.pid, 0)',
      'scorer.threw',
      /not allowed in a benchmark's module \([^()]*bench\.ts:7:\d+\)$/,
    ],
    [
      'signals later',
      'setTimeout(() => process.kill(process.pid, 0)); await new Promise(() => {})',
      'scorer.died',
      /exit code 1 before it answered: Error: process\.kill is not allowed [^()]*\([^()]*bench\.ts:7:\d+\)$/,
    ],
    ['asks Node for what it does not do', 'Buffer.alloc(-1)', 'scorer.threw', /bench\.ts:7:\d+\)$/],
    ['gives a number too large', 'return { score: 1n, max: 1, passed: true }', 'scorer.threw', /BigInt$/],
    [
      'throws later',
      "setTimeout(() => { throw new Error('late') }); await new Promise(() => {})",
      'scorer.died',
      /exit code 1/,
    ],
    ['gives nothing', 'return', 'scorer.invalid', /its answer is no score$/],
    ['gives NaN alone', 'return NaN', 'scorer.invalid', /it is NaN, expected \{ score/],
    ['gives a number alone', 'return 1', 'scorer.invalid', /it is 1, expected \{ score/],
    [
      'gives NaN',
      'return { score: NaN, max: 1, passed: true }',
      'scorer.invalid',
      /score is NaN, expected a number from 0 to max$/,
    ],
    [
      'gives no maximum',
      'return { score: 0, max: 0, passed: true }',
      'scorer.invalid',
      /max is 0, expected a number above 0, at most 1000000000$/,
    ],
    [
      'gives infinity',
      'return { score: 1, max: Infinity, passed: true }',
      'scorer.invalid',
      /max is Infinity, expected/,
    ],
    [
      'gives more than the maximum',
      'return { score: 2, max: 1, passed: true }',
      'scorer.invalid',
      /score is 2, expected a number from 0 to max$/,
    ],
    [
      'gives less than nothing',
      'return { score: -1, max: 1, passed: true }',
      'scorer.invalid',
      /score is -1, expected/,
    ],
    ['gives other types', "return { score: '1', max: 1, passed: 'yes' }", 'scorer.invalid', /score is "1", expected/],
    ['gives a word', "return { score: 'NaN', max: 1, passed: true }", 'scorer.invalid', /score is "NaN", expected/],
    ['gives a list', 'return { score: [[1]], max: 1, passed: true }', 'scorer.invalid', /score is no number, expected/],
    [
      'writes a score of any depth itself',
      `const fs = await import('node:fs'); const deep = 2e4
       fs.writeSync(4, '{"kind":"scored","score":{"score":' + '['.repeat(deep) + ']'.repeat(deep) + '}}\\n'); await new Promise(() => {})`,
      'scorer.invalid',
      /score is no number, expected/,
    ],
    ['gives no passed', 'return { score: 1, max: 1 }', 'scorer.invalid', /passed: .*boolean/],
    [
      'gives a weight that is none',
      "return { score: 1, max: 1, passed: true, requirements: [{ id: 'r', passed: true, weight: -Infinity }] }",
      'scorer.invalid',
      /requirements\.0\.weight is -Infinity, expected a number above 0/,
    ],
    ['misspells', `return { ...${GOOD}, feedbak: 'x' }`, 'scorer.invalid', /fit: Unrecognized key: "feedbak"$/],
    ['gives what is no JSON', 'const a: any = {}; a.a = a; return a', 'scorer.threw', /circular/i],
    [
      'writes answers itself',
      "process.getBuiltinModule?.('fs').writeSync(4, 'nonsense\\n'); const fs = await import('node:fs'); fs.writeSync(4, 'nonsense\\n'); await new Promise(() => {})",
      'scorer.invalid',
      /no JSON/,
    ],
    [
      'closes its answers',
      "const fs = await import('node:fs'); fs.closeSync(4); for (;;) {}",
      'scorer.died',
      /before it answered/,
    ],
  ]
  it.each(bad)(
    'that %s is a failure, and the next one is scored',
    { timeout: 60_000 },
    async (_what, body, code, message, more) => {
      const module = await openBody(`if (answer === 'well') return ${GOOD}\n${body}`, more)
      const failure = await scored(module)
      const kind = AGAIN.includes(code) ? 'underway' : 'input'
      expect(failure).toMatchObject({ kind, code, where: expect.stringContaining('bench.ts') as string })
      expect((failure as Failure).message).toMatch(message)
      expect(await scored(module, 'well')).toMatchObject({ passed: true })
    },
  )
})
