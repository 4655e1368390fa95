import { countWhere } from './places.js'

/** Converts between UTF-16 units of a text and bytes of its UTF-8. */
export interface Utf8Places {
  readonly bytes: number
  /** Bytes before a unit; inside a surrogate pair, those before the pair. */
  toByte(unit: number): number
  /** The unit at which the character that holds a byte begins. */
  toUnit(byte: number): number
}

/** Units between two places whose bytes are kept; the rest is counted from the nearest one. */
const STRIDE = 256

export function utf8PlacesIn(text: string): Utf8Places {
  const bytes = Buffer.byteLength(text)
  if (bytes === text.length) return { bytes, toByte: (unit) => unit, toUnit: (byte) => byte }
  const kept = new Uint32Array(Math.ceil(text.length / STRIDE))
  let total = 0
  for (let unit = 0; unit < text.length; unit += 1) {
    if (unit % STRIDE === 0) kept[unit / STRIDE] = total
    total += bytesOf(text.charCodeAt(unit))
  }
  // Places are mostly asked for in order: each side goes on from where it was asked last, if that is near and before.
  let unit = 0
  let byte = 0
  const startAt = (index: number): void => {
    unit = index * STRIDE
    byte = kept[index] ?? 0
  }
  return {
    bytes,
    toByte: (place) => {
      if (place >= text.length) return bytes
      const wanted = isPairSecond(text, place) ? place - 1 : place
      if (wanted < unit || wanted > unit + STRIDE) startAt(Math.floor(wanted / STRIDE))
      for (; unit < wanted; unit += 1) byte += bytesOf(text.charCodeAt(unit))
      return byte
    },
    toUnit: (wanted) => {
      if (wanted < byte || wanted > byte + STRIDE) {
        startAt(Math.max(0, countWhere(kept.length, (index) => (kept[index] ?? 0) <= wanted) - 1))
      }
      for (; unit < text.length; unit += 1) {
        const next = byte + bytesOf(text.charCodeAt(unit))
        if (next > wanted) break
        byte = next
      }
      return isPairSecond(text, unit) ? unit - 1 : unit
    },
  }
}

/** Half a surrogate pair counts two bytes, so that a pair has its four. */
const bytesOf = (unit: number): number => (unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3)

function isPairSecond(text: string, unit: number): boolean {
  const code = text.charCodeAt(unit)
  return code >= 0xdc00 && code <= 0xdfff && unit > 0 && (text.codePointAt(unit - 1) ?? 0) > 0xffff
}
