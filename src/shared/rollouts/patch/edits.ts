/** A line that stays, goes or comes, in the order of a diff. */
export interface Edit {
  readonly kind: ' ' | '-' | '+'
  readonly line: string
}

/** Beyond so many lines that differ, all between the first and the last of them is replaced: finding the least would take too long. */
const MOST_DIFFERENCES = 1_000

/** How to make one list of lines of another, by the greedy algorithm of Myers ("An O(ND) difference algorithm", Algorithmica 1, 1986). */
export function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  const shared = Math.min(before.length, after.length)
  let head = 0
  while (head < shared && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < shared - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  const from = before.slice(head, before.length - tail)
  const to = after.slice(head, after.length - tail)
  const kept = (lines: readonly string[]): Edit[] => lines.map((line) => ({ kind: ' ', line }))
  const between = leastEdits(from, to) ?? [...all('-', from), ...all('+', to)]
  return [...kept(before.slice(0, head)), ...between, ...kept(before.slice(before.length - tail))]
}

const all = (kind: Edit['kind'], lines: readonly string[]): Edit[] => lines.map((line) => ({ kind, line }))

/** Null where there are more than {@link MOST_DIFFERENCES}. */
function leastEdits(from: readonly string[], to: readonly string[]): Edit[] | null {
  const most = Math.min(from.length + to.length, MOST_DIFFERENCES)
  const furthest = new Int32Array(2 * most + 3)
  const middle = most + 1
  const trace: Int32Array[] = []
  for (let differences = 0; differences <= most; differences += 1) {
    trace.push(furthest.slice(middle - differences - 1, middle + differences + 2))
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      const [left = 0, right = 0] = [furthest[middle + diagonal - 1], furthest[middle + diagonal + 1]]
      const down = diagonal === -differences || (diagonal !== differences && left < right)
      let x = down ? right : left + 1
      while (x < from.length && x - diagonal < to.length && from[x] === to[x - diagonal]) x += 1
      furthest[middle + diagonal] = x
      if (x >= from.length && x - diagonal >= to.length) return walkBack(from, to, trace)
    }
  }
  return null
}

function walkBack(from: readonly string[], to: readonly string[], trace: readonly Int32Array[]): Edit[] {
  const edits: Edit[] = []
  let [x, y] = [from.length, to.length]
  for (let differences = trace.length - 1; x > 0 || y > 0; differences -= 1) {
    const reached = (diagonal: number): number => trace[differences]?.[diagonal + differences + 1] ?? 0
    const diagonal = x - y
    const down =
      diagonal === -differences || (diagonal !== differences && reached(diagonal - 1) < reached(diagonal + 1))
    const previous = down ? diagonal + 1 : diagonal - 1
    const startX = differences === 0 ? 0 : reached(previous)
    const startY = differences === 0 ? 0 : startX - previous
    const [stepX, stepY] = differences === 0 ? [0, 0] : down ? [startX, startY + 1] : [startX + 1, startY]
    for (; x > stepX && y > stepY; y -= 1) edits.push({ kind: ' ', line: from[(x -= 1)] ?? '' })
    if (differences > 0)
      edits.push(down ? { kind: '+', line: to[startY] ?? '' } : { kind: '-', line: from[startX] ?? '' })
    ;[x, y] = [startX, startY]
  }
  return edits.reverse()
}
