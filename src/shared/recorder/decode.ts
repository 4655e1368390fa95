import * as zlib from 'node:zlib'

const LARGEST = 512 << 20

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer

const DECODERS: Readonly<Record<string, Decoder | undefined>> = {
  gzip: zlib.gunzipSync,
  'x-gzip': zlib.gunzipSync,
  deflate: zlib.inflateSync,
  br: zlib.brotliDecompressSync,
  // Node has it from 22.15 on.
  zstd: 'zstdDecompressSync' in zlib ? (zlib.zstdDecompressSync as Decoder) : undefined,
}

/** A body as it was before it was compressed; null where this Node knows no way, or the bytes are none. */
export function decode(bytes: Buffer, encoding: string): Buffer | null {
  let decoded: Buffer = bytes
  const steps = encoding
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
  for (const name of steps.reverse()) {
    const decoder = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined
    if (decoder === undefined) return null
    try {
      decoded = decoder(decoded, { maxOutputLength: LARGEST })
    } catch {
      return null
    }
  }
  return decoded
}

/** Whether a content-encoding leaves bytes as they are. */
export const isPlain = (encoding: string): boolean => /^(?:\s*identity\s*,?)*\s*$/i.test(encoding)
