import type { HeaderPairs } from './redact/index.js'

/** Node's flat list of names and values, as they came. */
export type RawHeaders = readonly string[]

/** As pairs; the case and order of names stay. */
export function pairsOf(raw: RawHeaders): HeaderPairs {
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? '', raw[at + 1] ?? ''])
  return pairs
}
