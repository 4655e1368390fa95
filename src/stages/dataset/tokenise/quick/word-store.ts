/** Words seen so far with their ids. Words are numbered; a number holds until the store is cleared. */
export interface WordStore {
  /** The number of the word at `start`; a new one where it was never seen. */
  numberOf(text: string, start: number, end: number): number
  /** Words whose ids are not known yet, in order. */
  unknown(): readonly string[]
  /** Sets the ids of the next word whose ids are not known. */
  learn(ids: readonly number[]): void
  /** Appends the ids of a word. */
  appendTo(ids: number[], word: number): void
  /** Words and units held. */
  readonly size: { readonly words: number; readonly units: number }
  clear(): void
}

const FIRST_WORDS = 1 << 12
const FIRST_UNITS = 1 << 16

/** A hash table over the units of the text itself, so that looking a word up makes no string. */
export function openWordStore(): WordStore {
  let table = new Int32Array(FIRST_WORDS * 4).fill(-1)
  let hashes = new Int32Array(FIRST_WORDS)
  /** Where each word's units begin and, one further, end. */
  let bounds = new Uint32Array(FIRST_WORDS + 1)
  let units = new Uint16Array(FIRST_UNITS)
  /** Where each known word's ids begin and, one further, end. */
  let idBounds = new Uint32Array(FIRST_WORDS + 1)
  let ids = new Uint32Array(FIRST_WORDS * 2)
  let count = 0
  let known = 0

  const isAt = (word: number, text: string, start: number, end: number): boolean => {
    const from = bounds[word] ?? 0
    if ((bounds[word + 1] ?? 0) - from !== end - start) return false
    for (let at = start; at < end; at += 1) if (units[from + at - start] !== text.charCodeAt(at)) return false
    return true
  }

  const place = (word: number, hash: number): void => {
    const mask = table.length - 1
    let slot = hash & mask
    while ((table[slot] ?? -1) >= 0) slot = (slot + 1) & mask
    table[slot] = word
  }

  const grow = (): void => {
    table = new Int32Array(table.length * 2).fill(-1)
    hashes = grown(hashes, count * 2)
    bounds = grown(bounds, count * 2 + 1)
    idBounds = grown(idBounds, count * 2 + 1)
    for (let word = 0; word < count; word += 1) place(word, hashes[word] ?? 0)
  }

  const add = (text: string, start: number, end: number, hash: number): number => {
    if (count === hashes.length) grow()
    const from = bounds[count] ?? 0
    const to = from + end - start
    if (to > units.length) units = grown(units, to * 2)
    for (let at = start; at < end; at += 1) units[from + at - start] = text.charCodeAt(at)
    bounds[count + 1] = to
    hashes[count] = hash
    place(count, hash)
    count += 1
    return count - 1
  }

  return {
    numberOf: (text, start, end) => {
      const hash = hashOf(text, start, end)
      const mask = table.length - 1
      for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
        const word = table[slot] ?? -1
        if (word < 0) return add(text, start, end, hash)
        if (hashes[word] === hash && isAt(word, text, start, end)) return word
      }
    },
    unknown: () => {
      const words: string[] = []
      for (let word = known; word < count; word += 1)
        words.push(stringOf(units, bounds[word] ?? 0, bounds[word + 1] ?? 0))
      return words
    },
    learn: (wordIds) => {
      const from = idBounds[known] ?? 0
      if (from + wordIds.length > ids.length) ids = grown(ids, (from + wordIds.length) * 2)
      ids.set(wordIds, from)
      known += 1
      idBounds[known] = from + wordIds.length
    },
    appendTo: (sequence, word) => {
      const end = idBounds[word + 1] ?? 0
      for (let at = idBounds[word] ?? 0; at < end; at += 1) sequence.push(ids[at] ?? 0)
    },
    get size() {
      return { words: count, units: bounds[count] ?? 0 }
    },
    clear: () => {
      table.fill(-1)
      count = 0
      known = 0
    },
  }
}

function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash ^ (hash >>> 15)
}

function grown<T extends Int32Array | Uint32Array | Uint16Array>(array: T, length: number): T {
  const larger = new (array.constructor as new (length: number) => T)(length)
  larger.set(array)
  return larger
}

const CHUNK = 4096

function stringOf(units: Uint16Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at += CHUNK)
    text += String.fromCharCode(...units.subarray(at, Math.min(at + CHUNK, end)))
  return text
}
