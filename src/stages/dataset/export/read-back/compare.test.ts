import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { align } from './align.js'
import { compareRow } from './compare.js'
import { ReadBackTally } from './report.js'

const ids = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 })
const walked = (ours: readonly number[], theirs: readonly number[]) => [...align(ours, theirs)]

describe('two lists of ids side by side', () => {
  it('are each gone through once, in order, and stand together only where they are equal', () => {
    fc.assert(
      fc.property(ids, ids, (ours, theirs) => {
        const steps = walked(ours, theirs)
        expect(steps.flatMap((step) => step.ours ?? [])).toEqual(ours.map((_, at) => at))
        expect(steps.flatMap((step) => step.theirs ?? [])).toEqual(theirs.map((_, at) => at))
        for (const step of steps)
          if (step.ours !== null && step.theirs !== null) expect(ours[step.ours]).toBe(theirs[step.theirs])
      }),
    )
  })

  it('leave out just what was put in or taken out, once the text around it is long enough to be known', () => {
    const text = Array.from({ length: 40 }, (_, at) => at)
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 30 }), fc.array(fc.integer({ min: 90 }), { minLength: 1 }), (at, more) => {
        const longer = [...text.slice(0, at), ...more, ...text.slice(at)]
        const alone = (steps: ReturnType<typeof walked>) =>
          steps.filter((step) => step.ours === null || step.theirs === null)
        expect(alone(walked(text, longer)).map((step) => step.theirs)).toEqual(more.map((_, index) => at + index))
        expect(alone(walked(longer, text)).map((step) => step.ours)).toEqual(more.map((_, index) => at + index))
        expect(alone(walked(text, [...longer.slice(0, 3), ...longer.slice(4)]))).toHaveLength(more.length + 1)
      }),
    )
  })
})

describe('a row that comes back', () => {
  const sample = { id: 's', trajectory: 's', input_ids: [5, 6, 7, 8, 9], labels: [-100, -100, 7, 8, -100] }

  it('is the same, or each run of tokens that is used otherwise is named with both uses', () => {
    const { input_ids, labels } = sample
    expect(compareRow(sample, { input_ids, labels }).runs).toEqual([])
    expect(compareRow(sample, { input_ids, labels: [-100, 6, 7, -100, 9] }).runs).toEqual([
      { token: 1, ids: [6], ours: 'context', theirs: 'trains' },
      { token: 3, ids: [8], ours: 'trains', theirs: 'context' },
      { token: 4, ids: [9], ours: 'context', theirs: 'trains' },
    ])
  })

  it('names tokens that one of both lacks', () => {
    expect(compareRow(sample, { input_ids: [5, 6, 7, 8], labels: [-100, -100, 7, 8] }).runs).toEqual([
      { token: 4, ids: [9], ours: 'context', theirs: null },
    ])
    const longer = { input_ids: [5, 6, 7, 8, 1, 2, 9], labels: [-100, -100, 7, 8, 1, 2, -100] }
    expect(compareRow(sample, longer)).toEqual({
      runs: [{ token: 4, ids: [1, 2], ours: null, theirs: 'trains' }],
      tokens: 7,
      trained: 4,
    })
  })
})

describe('what is added up', () => {
  const row = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { maxLength: 40 }).map((tokens) => ({
    input_ids: tokens.map(([id]) => id),
    labels: tokens.map(([id, trains]) => (trains ? id : -100)),
  }))
  const trainedIn = (rows: readonly { readonly labels: readonly number[] }[]): number =>
    rows.flatMap(({ labels }) => labels).filter((label) => label !== -100).length
  const decode = (sequences: readonly (readonly number[])[]) => Promise.resolve(sequences.map(String))

  it('balances: what both sides have is what is left without that which one of them has alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(row, fc.option(row)), { maxLength: 5 }), async (pairs) => {
        const tally = new ReadBackTally()
        for (const [at, [ours, theirs]] of pairs.entries()) {
          const sample = { id: `s${at}`, trajectory: 't', ...ours }
          if (theirs === null) tally.addAbsent(sample, 'dropped')
          else tally.add(sample, theirs)
        }
        const { tokens, trained, samples, equal } = await tally.report('engine', {}, decode)
        const [all, back] = [pairs.map(([ours]) => ours), pairs.flatMap(([, theirs]) => theirs ?? [])]
        expect(tokens.ours - tokens.onlyOurs).toBe(tokens.theirs - tokens.onlyTheirs)
        expect(trained.ours - trained.onlyOurs).toBe(trained.theirs - trained.onlyTheirs)
        expect([trained.ours, trained.theirs]).toEqual([trainedIn(all), trainedIn(back)])
        const same = pairs.filter(([ours, theirs]) => JSON.stringify(ours) === JSON.stringify(theirs)).length
        expect(samples.equal).toBe(same)
        expect(equal).toBe(same === pairs.length)
      }),
    )
  })
})
