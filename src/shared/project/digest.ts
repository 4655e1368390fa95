import { createHash } from 'node:crypto'
import { open, readdir } from 'node:fs/promises'
import path from 'node:path'

/** SHA-256 in hex, of UTF-8 text or bytes. */
export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** SHA-256 of a value's canonical JSON: keys sorted, `undefined` left out, so that equal values have equal digests. */
export function digestOfValue(value: unknown): string {
  return digestOf(canonicalJson(value))
}

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  })
}

const CHUNK_BYTES = 1 << 18

/** SHA-256 of a file's bytes, streamed through one buffer: a new one for each piece would keep the garbage collector busy. */
export async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  const handle = await open(file)
  try {
    const buffer = Buffer.allocUnsafe(Math.max(4096, Math.min(CHUNK_BYTES, (await handle.stat()).size)))
    for (;;) {
      const { bytesRead } = await handle.read(buffer)
      if (bytesRead === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
}

/** SHA-256 over the sorted relative paths and contents of a folder's files. */
export async function digestOfFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  const lines: string[] = []
  for (const file of files.sort()) {
    lines.push(`${path.relative(folder, file).split(path.sep).join('/')} ${await digestOfFile(file)}`)
  }
  return digestOf(lines.join('\n'))
}
