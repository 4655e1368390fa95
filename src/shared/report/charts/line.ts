import { markup, type Markup } from '../markup.js'
import { percent, ticks } from './scale.js'

export interface Point {
  readonly x: number
  readonly y: number | null
}

export interface LineOptions {
  readonly label: string
  readonly xTitle: string
  readonly yTitle: string
  /** What to say where there is no point at all. */
  readonly none: string
  /** The first and the last value; two decimals where not given. */
  readonly format?: ((value: number) => string) | undefined
}

const height = 300
const top = 28
const plotHeight = 216
const left = 0.075
const right = 0.98

type Known = { readonly x: number; readonly y: number }

/** A line through the points in order of x, broken where y is not a finite number. The y axis starts at 0. */
export function line(points: readonly Point[], options: LineOptions): Markup {
  const format = options.format ?? ((value: number) => value.toFixed(2))
  const sorted = points.filter((point) => Number.isFinite(point.x)).toSorted((a, b) => a.x - b.x)
  const known = sorted.filter(isKnown)
  if (known.length === 0) return markup`<p class="empty">${options.none}</p>`
  const xs = known.map((point) => point.x)
  const yTicks = ticks(0, niceTop(Math.max(...known.map((point) => point.y))))
  const yMax = Math.max(0, yTicks.at(-1) ?? 0) || 1
  const [xMin, xMax] = known.length === 1 ? [xs[0] ?? 0, (xs[0] ?? 0) + 1] : [Math.min(...xs), Math.max(...xs)]
  const x = (value: number) => (value - xMin) / (xMax - xMin || 1)
  // Far outside of the axis is far enough.
  const y = (value: number) => Math.max(-9, Math.min(9, 1 - value / yMax))
  const px = (value: number) => percent(left + x(value) * (right - left))
  const py = (value: number) => Math.round(top + y(value) * plotHeight)
  const runs = continuous(sorted).map((run) => run.map((point) => `${round(x(point.x))},${round(y(point.y))}`))
  const first = known[0] ?? { x: 0, y: 0 }
  const last = known.at(-1) ?? first
  return markup`<svg class="chart line" role="img" aria-label="${options.label}" width="100%" height="${height}"><text class="axis-title" x="0" y="12">${options.yTitle}</text>${yTicks.map(
    (value) =>
      markup`<line class="${value === 0 ? 'axis' : 'grid'}" x1="${percent(left)}" x2="${percent(right)}" y1="${py(value)}" y2="${py(value)}"/><text class="tick" x="${percent(left - 0.015)}" y="${py(value) + 4}" text-anchor="end">${value}</text>`,
  )}${xTicks(xs, xMin, xMax).map(
    (value) =>
      markup`<text class="tick" x="${px(value)}" y="${top + plotHeight + 18}" text-anchor="middle">${value}</text>`,
  )}<text class="axis-title" x="${percent(right)}" y="${top + plotHeight + 38}" text-anchor="end">${options.xTitle}</text><svg x="${percent(left)}" y="${top}" width="${percent(right - left)}" height="${plotHeight}" viewBox="0 0 1000 1000" preserveAspectRatio="none" overflow="visible">${runs.map(
    (run) => markup`<polyline class="curve" vector-effect="non-scaling-stroke" points="${run.join(' ')}"/>`,
  )}</svg>${[first, last].map(
    (point) => markup`<circle class="dot" cx="${px(point.x)}" cy="${py(point.y)}" r="3.5"/>`,
  )}<text class="value" x="${px(first.x)}" dx="10" y="${py(first.y) + 4}">${format(first.y)}</text>${
    known.length > 1 &&
    markup`<text class="value" x="${px(last.x)}" y="${py(last.y) - 10}" text-anchor="end">${format(last.y)}</text>`
  }</svg>`
}

const isKnown = (point: Point): point is Known => point.y !== null && Number.isFinite(point.y)

const round = (fraction: number) => Number((fraction * 1000).toFixed(1))

/** The last tick at or above the largest value, so that the curve stays inside the axis. */
function niceTop(max: number): number {
  if (max <= 0) return 1
  const steps = ticks(0, max)
  const last = steps.at(-1) ?? max
  return last >= max ? last : last + (last - (steps.at(-2) ?? 0))
}

function xTicks(xs: readonly number[], low: number, high: number): readonly number[] {
  if (xs.length === 1) return xs
  return ticks(low, high).filter((value) => (xs.every(Number.isInteger) ? Number.isInteger(value) : true))
}

function continuous(points: readonly Point[]): readonly (readonly Known[])[] {
  const runs: Known[][] = [[]]
  for (const point of points) {
    if (isKnown(point)) runs.at(-1)?.push(point)
    else runs.push([])
  }
  return runs.filter((run) => run.length > 1)
}
