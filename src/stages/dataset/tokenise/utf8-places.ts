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
  const kept = new Uint32Array(Math.floor(text.length / STRIDE) + 1)
  let total = 0
  for (let unit = 0; unit < text.length; unit += 1) {
    if (unit % STRIDE === 0) kept[unit / STRIDE] = total
    total += bytesOf(text.charCodeAt(unit))
  }
  const toByte = (unit: number): number => {
    if (unit >= text.length) return bytes
    const place = isPairSecond(text, unit) ? unit - 1 : unit
    const from = Math.floor(place / STRIDE)
    let byte = kept[from] ?? 0
    for (let at = from * STRIDE; at < place; at += 1) byte += bytesOf(text.charCodeAt(at))
    return byte
  }
  return {
    bytes,
    toByte,
    toUnit: (byte) => {
      const from = countWhere(kept.length, (index) => (kept[index] ?? 0) <= byte) - 1
      let at = from * STRIDE
      for (let end = kept[from] ?? 0; at < text.length; at += 1) {
        end += bytesOf(text.charCodeAt(at))
        if (end > byte) break
      }
      return isPairSecond(text, at) ? at - 1 : at
    },
  }
}

/** Half a surrogate pair counts two bytes, so that a pair has its four. */
const bytesOf = (unit: number): number => (unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3)

function isPairSecond(text: string, unit: number): boolean {
  const code = text.charCodeAt(unit)
  return code >= 0xdc00 && code <= 0xdfff && unit > 0 && (text.codePointAt(unit - 1) ?? 0) > 0xffff
}
