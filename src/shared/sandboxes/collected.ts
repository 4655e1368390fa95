import type { Readable } from 'node:stream'

/** What came out of a stream, as far as it was kept. */
export interface Collected {
  readonly bytes: Buffer
  /** Bytes beyond the limit. */
  readonly left: number
}

/** Reads a stream to its end and keeps its beginning. */
export async function collect(stream: Readable, maxBytes: number): Promise<Collected> {
  const kept: Buffer[] = []
  let room = maxBytes
  let left = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (chunk.length <= room) kept.push(chunk)
    else if (room > 0) kept.push(chunk.subarray(0, room))
    left += Math.max(0, chunk.length - room)
    room = Math.max(0, room - chunk.length)
  }
  return { bytes: Buffer.concat(kept), left }
}

/** As text; bytes that are no UTF-8 become U+FFFD, and a character that the limit cut is left out whole. */
export function asText({ bytes, left }: Collected): { readonly text: string; readonly left: number } {
  if (left === 0) return { text: bytes.toString('utf8'), left }
  const end = endOfWhole(bytes)
  return { text: bytes.toString('utf8', 0, end), left: left + bytes.length - end }
}

function endOfWhole(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return wanted > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}
