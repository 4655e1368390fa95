import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { interpreterIn, pythonForTests } from '../../testing/oracle.js'
import { EngineError } from './errors.js'
import { repr } from './print.js'
import { textMethod } from './text-methods.js'

const absent = pythonForTests === undefined ? ' (skipped: set LIMI_TEST_PYTHON to a Python)' : ''

type Answer = string | boolean

it.skipIf(absent !== '')(
  `Python knows every character as the engine does, or it is refused${absent}`,
  { timeout: 300_000 },
  () => {
    const script = fileURLToPath(new URL('testing/characters.py', import.meta.url))
    const options = { encoding: 'utf8', maxBuffer: 1 << 30 } as const
    const table = JSON.parse(execFileSync(interpreterIn(pythonForTests ?? ''), [script], options)) as Table
    for (const [method, changed] of Object.entries(table)) {
      const unlike: string[] = []
      let refused = 0
      for (const code of codePoints()) {
        const text = String.fromCodePoint(code)
        const expected = changed[code] ?? (method.startsWith('is') ? false : text)
        const made = answer(method, text)
        if (made === null) refused += 1
        else if (made !== expected) unlike.push(code.toString(16))
      }
      expect({ method, unlike }).toEqual({ method, unlike: [] })
      expect(refused).toBeLessThan(17_000)
    }
  },
)

type Table = Readonly<Record<string, Readonly<Record<number, Answer>>>>

function* codePoints(): Generator<number> {
  for (let code = 0; code <= 0x10ffff; code += 1) if (code < 0xd800 || code > 0xdfff) yield code
}

function answer(method: string, text: string): Answer | null {
  try {
    if (method === 'repr') return repr(text).slice(1, -1)
    return textMethod(text, method)?.call({ positional: [], named: new Map() }) as Answer
  } catch (error) {
    if (error instanceof EngineError) return null
    throw error
  }
}
