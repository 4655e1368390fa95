import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bars, differences, line } from './index.js'
import { ticks } from './scale.js'

/** The values of one attribute of all elements of a class, as numbers. */
function read(source: string, name: string, attribute: string): readonly number[] {
  const elements = source.match(new RegExp(`<\\w+ class="${name}[" ][^>]*>`, 'g')) ?? []
  return elements.map((element) => Number.parseFloat(new RegExp(` ${attribute}="([^"]*)"`).exec(element)?.[1] ?? 'x'))
}

const share = fc.double({ min: 0, max: 1, noNaN: true })
const wild = fc.oneof(fc.double({ min: -1e6, max: 1e6 }), fc.constantFrom(NaN, Infinity, -Infinity, 0, 5e-324, 1e-320))

describe('bars', () => {
  it('are as wide as their values, with whiskers from low to high', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(share, share, share), { minLength: 1, maxLength: 6 }), (rows) => {
        const source = bars(
          rows.map(([value, low, high]) => ({ label: 'a', text: '', value, interval: [low, high] })),
          { label: 'x', max: 1 },
        ).toString()
        read(source, 'bar', 'width').forEach((width, i) => expect(width).toBeCloseTo(rows[i]![0] * 100, 2))
        read(source, 'stem', 'x1').forEach((x, i) => expect(x).toBeCloseTo(rows[i]![1] * 100, 2))
        read(source, 'stem', 'x2').forEach((x, i) => expect(x).toBeCloseTo(rows[i]![2] * 100, 2))
        expect(read(source, 'stem', 'x1')).toHaveLength(rows.length)
      }),
    )
  })

  it('fill the width with the largest count', () => {
    const rows = [131, 40, 3].map((value) => ({ label: 'r', text: String(value), value }))
    expect(read(bars(rows, { label: 'x' }).toString(), 'bar', 'width')).toEqual([100, 30.534, 2.29])
  })

  it('say so when there is nothing', () => {
    expect(bars([], { label: 'x' }).toString()).toContain('Nothing to show')
  })
})

describe('line', () => {
  const options = { label: 'loss', xTitle: 'step', yTitle: 'loss', none: 'No training steps.' }
  const points = (source: string) =>
    (source.match(/points="[^"]*"/g) ?? []).map((run) =>
      run
        .slice(8, -1)
        .split(' ')
        .map((pair) => pair.split(',').map(Number) as [number, number]),
    )

  it('keeps the order and the ratio of values: higher loss is higher up', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 2, maxLength: 50 }), (losses) => {
        const source = line(
          losses.map((loss, x) => ({ x, y: loss / 1000 })),
          options,
        ).toString()
        const [run] = points(source)
        const unit = (1000 - run![0]![1]) / losses[0]!
        run!.forEach(([x, y], i) => {
          expect(Math.abs(x - (i / (losses.length - 1)) * 1000)).toBeLessThan(0.06)
          expect(y).toBeGreaterThanOrEqual(0)
          expect(Math.abs(1000 - y - losses[i]! * unit)).toBeLessThan(0.1 + losses[i]! / losses[0]! / 10)
        })
      }),
    )
  })

  it('breaks at what is no number, draws one point, and says when there is none', () => {
    const broken = [1, 2, null, 3, 2, NaN, 1].map((y, x) => ({ x, y }))
    expect(points(line(broken, options).toString()).map((run) => run.length)).toEqual([2, 2])
    expect(line([{ x: 5, y: 1.5 }], options).toString()).toContain('>1.50<')
    expect(line([], options).toString()).toContain('No training steps.')
    expect(line([{ x: 1, y: null }], options).toString()).toContain('No training steps.')
  })
})

describe('differences', () => {
  it('put the dot inside its interval and zero inside the band', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), share, (value, half) => {
        const low = Math.max(-1, value - half)
        const high = Math.min(1, value + half)
        const source = differences([{ label: 'a', text: '', value, low, high, detectable: 0.1 }], 'x').toString()
        const [dot, left, right] = [
          read(source, 'dot', 'cx'),
          read(source, 'interval', 'x1'),
          read(source, 'interval', 'x2'),
        ]
        expect(dot[0]!).toBeGreaterThanOrEqual(left[0]!)
        expect(dot[0]!).toBeLessThanOrEqual(right[0]!)
        expect(read(source, 'band', 'x')[0]! + read(source, 'band', 'width')[0]! / 2).toBeCloseTo(
          read(source, 'axis', 'x1').at(-1)!,
          2,
        )
      }),
    )
  })
})

describe('any numbers', () => {
  it('never reach the page as NaN or Infinity', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(wild, wild, wild), { maxLength: 5 }), (rows) => {
        const all = [
          bars(
            rows.map(([value, a, b]) => ({ label: '', text: '', value, interval: [a, b] })),
            { label: '', tick: () => '' },
          ),
          line(
            rows.map(([x, y]) => ({ x: Math.trunc(x), y })),
            { label: '', xTitle: '', yTitle: '', none: '' },
          ),
          differences(
            rows.map(([value, low, high]) => ({ label: '', text: '', value, low, high, detectable: low })),
            '',
          ),
        ]
        for (const chart of all) expect(chart.toString()).not.toMatch(/NaN|Infinity/)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('ticks', () => {
  it('are round, few, evenly spaced and inside the span', () => {
    expect(ticks(0, 2.4)).toEqual([0, 0.5, 1, 1.5, 2])
    expect(ticks(1, 60)).toEqual([20, 40, 60])
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 5000 }), (low, span) => {
        const found = ticks(low, low + span)
        expect(found.length).toBeGreaterThan(1)
        expect(found.length).toBeLessThan(8)
        for (const value of found) expect(value >= low && value <= low + span).toBe(true)
      }),
    )
  })
})
