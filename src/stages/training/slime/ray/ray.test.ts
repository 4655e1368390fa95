import fc from 'fast-check'
import { inflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readLogPart } from './log-text.js'
import { packFiles } from './package.js'

/** The bytes in pieces of these sizes, over and over. */
async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncIterable<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

/** As Python's `json.dumps` writes it. */
const asciiJson = (text: string): string =>
  JSON.stringify({ logs: text }).replaceAll(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const logText = fc.string({
  unit: fc.oneof(fc.constantFrom('\n', '\\', '"', 'n', '\\n', '\t', ' '), fc.string({ unit: 'binary', maxLength: 2 })),
  maxLength: 60,
})

describe('a log read in parts', () => {
  test('gives each line once and whole, however it grows and however its bytes arrive', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(fc.array(logText, { maxLength: 5 }), sizes, fc.boolean(), async (grown, pieces, isAscii) => {
        const lines: string[] = []
        let [text, next] = ['', 0]
        for (const [turn, more] of [...grown, ''].entries()) {
          text += more
          const body = isAscii ? asciiJson(text) : JSON.stringify({ logs: text })
          const isLast = turn === grown.length
          const part = await readLogPart(inPieces(new TextEncoder().encode(body), pieces), next, isLast)
          lines.push(...(part?.lines ?? ['no part']))
          next = part?.next ?? -1
        }
        const whole = text.toWellFormed().split('\n')
        if (whole.at(-1) === '') whole.pop()
        expect(lines.map((line) => line.toWellFormed())).toEqual(whole)
      }),
      { numRuns: 500 },
    )
  })

  test('reads more than fits into memory at once in several goes', async () => {
    const line = `${'x'.repeat(99)}\n`
    const body = new TextEncoder().encode(JSON.stringify({ logs: line.repeat(120_000) }))
    let [next, lines, goes] = [0, 0, 0]
    for (;;) {
      const part = await readLogPart(inPieces(body, [65_536]), next, true)
      if (part === null || part.next === next) break
      lines += part.lines.length
      next = part.next
      goes += 1
    }
    expect(lines).toBe(120_000)
    expect(goes).toBeGreaterThan(2)
  })

  test('a line without end is cut and not lost', async () => {
    const text = `${'\\'.repeat(3_000_000)}"`
    const body = new TextEncoder().encode(JSON.stringify({ logs: text }))
    let [next, joined] = [0, '']
    for (;;) {
      const part = await readLogPart(inPieces(body, [65_537]), next, true)
      if (part === null || part.next === next) break
      joined += part.lines.join('')
      next = part.next
    }
    expect(joined === text).toBe(true)
  })

  test.each(['<html>', '{"error":"x"}', '', '{"logs":null}'])('%j is no log', async (body) => {
    expect(await readLogPart(inPieces(new TextEncoder().encode(body), [3]), 0, true)).toBeNull()
  })

  test('a log that has become shorter is told', async () => {
    const body = new TextEncoder().encode(JSON.stringify({ logs: 'a\n' }))
    expect(await readLogPart(inPieces(body, [3]), 50, true)).toBeNull()
  })
})

describe('a packed folder', () => {
  const files = [
    { name: 'a.txt', content: Buffer.from('one\n'.repeat(100)) },
    { name: 'ü.py', content: Buffer.alloc(0) },
  ]

  test('has the same bytes for the same files, and another name for others', () => {
    expect(packFiles(files)).toEqual(packFiles(files))
    expect(packFiles(files).name).not.toBe(packFiles(files.slice(1)).name)
    expect(packFiles(files).name).toMatch(/^_ray_pkg_[\da-z]+\.zip$/)
  })

  test('holds what was put in', () => {
    const { bytes } = packFiles(files)
    const packed = bytes.subarray(30 + 5, 30 + 5 + bytes.readUInt32LE(18))
    expect(inflateRawSync(packed).toString()).toBe('one\n'.repeat(100))
  })
})
