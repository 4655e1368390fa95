import { countWhere } from './places.js'
import type { Encoded } from './tokeniser.js'
import { utf8PlacesIn } from './utf8-places.js'

/**
 * A text as ids whose places follow from the UTF-8 bytes of each token: exact where tokens are bytes of the text as it is.
 * Null where the bytes do not add up to the text's.
 */
export function encodedByBytes(
  text: string,
  ids: readonly number[],
  bytesOf: (id: number, token: number) => number,
): Encoded | null {
  const ends = new Uint32Array(ids.length)
  let total = 0
  for (let token = 0; token < ids.length; token += 1) {
    total += bytesOf(ids[token] ?? 0, token)
    ends[token] = total
  }
  const places = utf8PlacesIn(text)
  if (places.bytes !== total) return null
  const endOf = (token: number): number => (token < 0 ? 0 : (ends[token] ?? total))
  return {
    ids,
    tokenAt: (place) => {
      if (place < 0 || place >= text.length) return null
      const byte = places.toByte(place)
      return countWhere(ends.length, (token) => endOf(token) <= byte)
    },
    rangeOf: (token) => {
      if (token < 0 || token >= ids.length) return null
      const first = places.toUnit(endOf(token - 1))
      const last = places.toUnit(endOf(token) - 1)
      return [first, last + ((text.codePointAt(last) ?? 0) > 0xffff ? 2 : 1)]
    },
  }
}
