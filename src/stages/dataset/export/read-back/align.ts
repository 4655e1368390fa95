/** One step through two lists of ids: a token of both, of the first alone, or of the second alone. */
export interface Step {
  readonly ours: number | null
  readonly theirs: number | null
}

/** So many equal ids in a row, and as near as can be, are the same place of the text. */
const ANCHOR = 4

/**
 * Walks two lists of token ids side by side. What both begin and end with is the same; between, the nearest place where four ids in a
 * row are equal goes on. Linear in the lengths for texts that differ in places.
 */
export function* align(ours: readonly number[], theirs: readonly number[]): Generator<Step> {
  const tail = commonTail(ours, theirs)
  const [end, theirEnd] = [ours.length - tail, theirs.length - tail]
  let anchors: Anchors | null = null
  let [at, their] = [0, 0]
  while (at < end || their < theirEnd) {
    if (at < end && their < theirEnd && ours[at] === theirs[their]) {
      yield { ours: at++, theirs: their++ }
      continue
    }
    anchors ??= anchorsOf(theirs)
    const [next, theirNext] = nearest(ours, anchors, at, their, end, theirEnd)
    while (at < next) yield { ours: at++, theirs: null }
    while (their < theirNext) yield { ours: null, theirs: their++ }
  }
  while (at < ours.length) yield { ours: at++, theirs: their++ }
}

function commonTail(ours: readonly number[], theirs: readonly number[]): number {
  const most = Math.min(ours.length, theirs.length)
  let length = 0
  while (length < most && ours[ours.length - 1 - length] === theirs[theirs.length - 1 - length]) length += 1
  return length
}

type Anchors = ReadonlyMap<string, readonly number[]>

const keyAt = (ids: readonly number[], at: number): string => ids.slice(at, at + ANCHOR).join(' ')

function anchorsOf(ids: readonly number[]): Anchors {
  const places = new Map<string, number[]>()
  for (let at = 0; at + ANCHOR <= ids.length; at += 1) {
    const key = keyAt(ids, at)
    const there = places.get(key)
    if (there === undefined) places.set(key, [at])
    else there.push(at)
  }
  return places
}

/** Where both go on alike with the fewest tokens left out; their ends where nowhere. */
function nearest(
  ours: readonly number[],
  anchors: Anchors,
  at: number,
  their: number,
  end: number,
  theirEnd: number,
): readonly [number, number] {
  let best: readonly [number, number] = [end, theirEnd]
  let cost = end - at + (theirEnd - their)
  for (let next = at; next < end && next - at < cost; next += 1) {
    const place = anchors.get(keyAt(ours, next))?.find((one) => one >= their && one < theirEnd)
    if (place === undefined || next - at + (place - their) >= cost) continue
    best = [next, place]
    cost = next - at + (place - their)
  }
  return best
}
