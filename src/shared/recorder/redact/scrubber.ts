import { REDACTED } from './names.js'
import type { Secrets } from './secrets.js'

const MARK = Buffer.from(REDACTED)
const NOTHING = Buffer.alloc(0)

interface Span {
  readonly start: number
  readonly end: number
}

/** Bytes without secrets. */
export const scrub = (bytes: Buffer, secrets: Secrets): Buffer => replaced(bytes, found(bytes, secrets))

/** Text without secrets. */
export function scrubText(text: string, secrets: Secrets): string {
  if (secrets.all.length === 0) return text
  return scrub(Buffer.from(text), secrets).toString()
}

/** Takes secrets out of a stream, also where one lies across chunks: a chunk's end that may be a secret's beginning is held back. */
export class Scrubber {
  readonly #secrets: Secrets
  #held: Buffer = NOTHING

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  push(chunk: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const spans = found(bytes, this.#secrets)
    const open = heldFrom(bytes, this.#secrets)
    const from = Math.min(open, spans.find(({ end }) => end > open)?.start ?? open)
    // A copy, so that a few bytes do not keep a whole chunk.
    this.#held = from === bytes.length ? NOTHING : Buffer.from(bytes.subarray(from))
    return replaced(
      bytes.subarray(0, from),
      spans.filter(({ end }) => end <= from),
    )
  }

  /** What was held back. */
  finish(): Buffer {
    const held = this.#held
    this.#held = NOTHING
    return scrub(held, this.#secrets)
  }
}

/** Where secrets lie, in order; those that overlap as one. */
function found(bytes: Buffer, secrets: Secrets): readonly Span[] {
  const spans: Span[] = []
  for (const secret of secrets.all) {
    for (let at = bytes.indexOf(secret); at !== -1; at = bytes.indexOf(secret, at + 1)) {
      spans.push({ start: at, end: at + secret.length })
    }
  }
  if (spans.length < 2) return spans
  const merged: { start: number; end: number }[] = []
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last !== undefined && span.start < last.end) last.end = Math.max(last.end, span.end)
    else merged.push({ ...span })
  }
  return merged
}

function replaced(bytes: Buffer, spans: readonly Span[]): Buffer {
  if (spans.length === 0) return bytes
  const pieces: Buffer[] = []
  let at = 0
  for (const { start, end } of spans) {
    pieces.push(bytes.subarray(at, start), MARK)
    at = end
  }
  return Buffer.concat([...pieces, bytes.subarray(at)])
}

/** The first place from which on the bytes may be the beginning of a secret. */
function heldFrom(bytes: Buffer, secrets: Secrets): number {
  let from = bytes.length
  for (const secret of secrets.all) {
    const [first] = secret
    if (first === undefined) continue
    const earliest = Math.max(0, bytes.length - secret.length + 1)
    for (let at = bytes.indexOf(first, earliest); at !== -1 && at < from; at = bytes.indexOf(first, at + 1)) {
      if (bytes.compare(secret, 0, bytes.length - at, at) === 0) from = at
    }
  }
  return from
}
