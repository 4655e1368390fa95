import { expect, it } from 'vitest'
import { curate, selectionIsCurrent, type Candidate, type CurateOptions } from '../index.js'
import { demonstration } from '../testing/demonstration.js'

const attempt = (id: string, query: string, best?: boolean, campaign = 'pool'): Candidate =>
  demonstration({
    id,
    request: `Please sort ${id}.`,
    command: `sort ${id}`,
    tags: { campaign },
    changes: { query: { id: query, digest: query }, ...(best === undefined ? {} : { extra: { best } }) },
  })

const trajectories = [attempt('a-1', 'a', false), attempt('a-2', 'a', true), attempt('a-3', 'a'), attempt('b-1', 'b')]
const options: CurateOptions = { name: 's', method: 'good', seed: 0, trajectories, heldOut: [], best: true }

it('of attempts at one query only the marked one is drawn from; who was not compared is', () => {
  const others = [...trajectories, attempt('z-a', 'a', undefined, 'other')]
  const { selection } = curate({ ...options, trajectories: others })
  expect(selection.chosen.map(({ trajectory }) => trajectory)).toEqual(['a-2', 'b-1', 'z-a'])
  expect(selection.excluded).toEqual(
    ['a-1', 'a-3'].map((trajectory) => ({
      trajectory,
      reason: 'not-best',
      detail: 'a-2 is marked as the attempt to keep',
    })),
  )
  expect(curate({ ...options, best: false }).selection.chosen).toHaveLength(4)
})

it('a selection is stale when another attempt is marked', () => {
  const { selection } = curate(options)
  expect(selectionIsCurrent(selection, options)).toBe(true)
  const moved = [attempt('a-1', 'a', true), attempt('a-2', 'a', false), ...trajectories.slice(2)]
  expect(selectionIsCurrent(selection, { ...options, trajectories: moved })).toBe(false)
})
