import { createHash } from 'node:crypto'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { done, unwrap } from '../../nouns/index.js'
import { openZip, ZipWriter, type Zip } from './index.js'

const place = await mkdtemp(path.join(tmpdir(), 'limi-zip-'))

async function zipped(members: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  const writer = new ZipWriter('made.zip', (bytes) => {
    parts.push(bytes)
    return Promise.resolve(done(undefined))
  })
  for (const [name, content] of Object.entries(members)) unwrap(await writer.add(name, content))
  unwrap(await writer.finish())
  return Buffer.concat(parts)
}

async function fileOf(bytes: Uint8Array): Promise<string> {
  const file = path.join(place, `${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.zip`)
  await writeFile(file, bytes)
  return file
}

async function withZip<T>(bytes: Uint8Array, use: (zip: Zip) => Promise<T>): Promise<T> {
  const zip = unwrap(await openZip(await fileOf(bytes)))
  try {
    return await use(zip)
  } finally {
    await zip.close()
  }
}

const contentsOf = (zip: Zip): Promise<(string | null)[]> =>
  Promise.all(
    zip.members.map(async (member) => {
      const read = await zip.read(member, 1 << 20)
      return read.ok ? read.value.toString('utf8') : null
    }),
  )

describe('an archive', () => {
  it('comes back as it was written', async () => {
    const long = 'all work and no play\n'.repeat(5000)
    const bytes = await zipped({ 'a.txt': 'ä', 'samples/a/b:c.json': long, empty: '' })
    await withZip(bytes, async (zip) => {
      expect(zip.members.map(({ name }) => name)).toEqual(['a.txt', 'samples/a/b:c.json', 'empty'])
      expect(await contentsOf(zip)).toEqual(['ä', long, ''])
    })
  })

  it('refuses a member larger than is read at once before it unpacks anything of it', async () => {
    await withZip(await zipped({ bomb: Buffer.alloc(1 << 20) }), async (zip) => {
      const [bomb] = zip.members
      expect(bomb?.packed).toBeLessThan(2000)
      const read = bomb === undefined ? null : await zip.read(bomb, 1000)
      expect(read).toMatchObject({
        ok: false,
        failure: { code: 'archive.too-large', where: expect.stringContaining('bomb') as string },
      })
    })
  })

  it('refuses a member that unpacks to more than its directory says', async () => {
    const bytes = await zipped({ bomb: Buffer.alloc(1 << 20) })
    const at = bytes.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'))
    bytes.writeUInt32LE(10, at + 24)
    await withZip(bytes, async (zip) => {
      const [bomb] = zip.members
      const read = bomb === undefined ? null : await zip.read(bomb, 5000)
      expect(read).toMatchObject({ ok: false, failure: { code: 'archive.invalid' } })
    })
  })

  it('reads what Inspect wrote: zstd without sizes, deflated and stored', async () => {
    // inspect_ai 0.3.285 and Python 3.11: zipfile.ZipFile(…, **zipfile_compress_kwargs).writestr
    const file = path.join(import.meta.dirname, 'fixtures/methods.zip')
    await withZip(await readFile(file), async (zip) => {
      expect(zip.members.map(({ method }) => method)).toEqual([93, 93, 8, 0])
      const [long, ...short] = await contentsOf(zip)
      expect(long === 'one frame. '.repeat(20_000)).toBe(true)
      expect(short).toEqual(['zstd', 'deflated', 'stored'])
    })
  })

  it('is refused or read in part, never wrongly, however it is damaged', async () => {
    const members = { 'header.json': '{"version":2}', 'samples/1.json': '{"id":1}'.repeat(50) }
    const whole = await zipped(members)
    const damage = fc.array(fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) }), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(whole.length), async (changes, length) => {
        const bytes = Buffer.from(whole)
        for (const { at, byte } of changes) bytes[at] = byte
        const opened = await openZip(await fileOf(length % 3 === 0 ? bytes.subarray(0, length) : bytes))
        if (!opened.ok) {
          expect(opened.failure).toMatchObject({ kind: 'input', where: expect.any(String) as string })
          return
        }
        for (const content of await contentsOf(opened.value))
          expect([null, ...Object.values(members)]).toContain(content)
        await opened.value.close()
      }),
      { numRuns: 300 },
    )
  })
})
