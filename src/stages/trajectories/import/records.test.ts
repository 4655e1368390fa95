import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { readHead } from './head.js'
import { recordsOf } from './records.js'

const folder = mkdtempSync(path.join(tmpdir(), 'limi-records-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** What is read, a failure as null. */
async function read(name: string, text: string): Promise<unknown[]> {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  const source = { path: file, bytes: statSync(file).size, head: await readHead(file), maxDocumentBytes: 1 << 20 }
  const values: unknown[] = []
  for await (const { value, index } of recordsOf(source)) {
    expect(index).toBe(values.length)
    values.push(value.ok ? value.value : null)
  }
  return values
}

const forms: readonly [string, string, (records: readonly object[]) => string][] = [
  ['lines', 'a.jsonl', (records) => records.map((one) => JSON.stringify(one)).join('\n')],
  ['lines under the ending of a document', 'a.json', (records) => records.map((one) => JSON.stringify(one)).join('\n')],
  ['a list on one line', 'a.json', (records) => JSON.stringify(records)],
  ['a list over several lines', 'a.json', (records) => JSON.stringify(records, null, 2)],
]

describe('the records of a file', () => {
  const some = fc.array(fc.dictionary(fc.string(), fc.string()), { minLength: 1, maxLength: 5 })
  it.each(forms)('are all there, in order: %s', async (_form, name, write) => {
    const property = fc.asyncProperty(some, async (records) => {
      const plain = JSON.parse(JSON.stringify(records)) as unknown[]
      expect(await read(name, write(records))).toEqual(plain)
    })
    await fc.assert(property, { numRuns: 50 })
  })

  it('are one where the file is one document over several lines', async () => {
    expect(await read('a.json', JSON.stringify({ a: [1] }, null, 2))).toEqual([{ a: [1] }])
  })

  it.each([
    ['a.jsonl', '{"a":1}\n{"b":\n{"c":3}\n', [{ a: 1 }, null, { c: 3 }]],
    ['a.json', '{"a":1}\n{"b":\n{"c":3}\n', [{ a: 1 }, null, { c: 3 }]],
    ['a.json', '', [null]],
    ['a.json', '[]', [null]],
  ])('are told apart from what cannot be read: %s %j', async (name, text, expected) => {
    expect(await read(name, text)).toEqual(expected)
  })
})
