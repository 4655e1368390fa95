import { execFileSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readFileSync, readlinkSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { archiveOf, folderEntry, type Entry } from './tar.js'

const bytesOf = async (entries: readonly Entry[]): Promise<Buffer> => {
  const parts: Buffer[] = []
  for await (const part of archiveOf(entries, { uid: 0, gid: 0 })) parts.push(part)
  return Buffer.concat(parts)
}

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
  .map((text) => text.replaceAll(/[/\0\\]/g, '_'))
  .filter((text) => text !== '.' && text !== '..' && Buffer.byteLength(text) < 250)

test('an archive is what GNU tar unpacks: names and targets of any length, contents, modes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { maxLength: 5 }),
      fc.uint8Array({ maxLength: 1500 }),
      name,
      async (names, bytes, target) => {
        const folder = `d${'e'.repeat(120)}`
        const content = Buffer.from(bytes)
        const entries: Entry[] = names.flatMap((one, at) => [
          {
            name: Buffer.from(`${folder}/f${at}${one}`.slice(0, 200)),
            kind: 'file',
            mode: 0o640,
            size: content.length,
            content: [content],
          },
          { name: Buffer.from(`${folder}/l${at}`), kind: 'link', mode: 0o777, size: 0, target: Buffer.from(target) },
        ])
        const into = mkdtempSync(path.join(os.tmpdir(), 'limi-tar-'))
        execFileSync('tar', ['-x', '-C', into], { input: await bytesOf([folderEntry(folder), ...entries]) })
        for (const entry of entries) {
          const place = path.join(into, entry.name.toString())
          if (entry.kind === 'link') expect(readlinkSync(place)).toBe(target)
          else expect(readFileSync(place)).toEqual(content)
          if (entry.kind === 'file') expect(lstatSync(place).mode & 0o777).toBe(0o640)
        }
      },
    ),
    { numRuns: 40 },
  )
})

test('a file that became shorter or longer meanwhile does not shift what comes after it', async () => {
  const file = (name: string, size: number): Entry => ({
    name: Buffer.from(name),
    kind: 'file',
    mode: 0o600,
    size,
    content: [Buffer.from('12345')],
  })
  const into = mkdtempSync(path.join(os.tmpdir(), 'limi-tar-'))
  execFileSync('tar', ['-x', '-C', into], {
    input: await bytesOf([file('short', 7), file('long', 3), file('same', 5)]),
  })
  expect(['short', 'long', 'same'].map((one) => readFileSync(path.join(into, one), 'latin1'))).toEqual([
    '12345\0\0',
    '123',
    '12345',
  ])
})
