import { countWhere } from '../places.js'
import type { Encoded } from '../tokeniser.js'

/** A stretch of a text that was encoded on its own, in UTF-16 units. */
export interface EncodedPart {
  readonly start: number
  readonly end: number
  readonly encoded: Encoded
}

/** Parts that follow each other without gaps, as one. */
export function joinEncoded(parts: readonly EncodedPart[]): Encoded {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only.encoded
  const ids: number[] = []
  const tokensBefore: number[] = []
  for (const { encoded } of parts) {
    tokensBefore.push(ids.length)
    for (const id of encoded.ids) ids.push(id)
  }
  return {
    ids,
    tokenAt: (place) => {
      const index = countWhere(parts.length, (part) => (parts[part]?.end ?? 0) <= place)
      const part = parts[index]
      if (part === undefined || place < 0) return null
      const token = part.encoded.tokenAt(place - part.start)
      return token === null ? null : token + (tokensBefore[index] ?? 0)
    },
    rangeOf: (token) => {
      if (token < 0 || token >= ids.length) return null
      const index = countWhere(parts.length, (part) => (tokensBefore[part] ?? 0) <= token) - 1
      const part = parts[index]
      const range = part?.encoded.rangeOf(token - (tokensBefore[index] ?? 0))
      if (part === undefined || !range) return null
      return [range[0] + part.start, range[1] + part.start]
    },
  }
}
