import { expect, test } from 'vitest'
import { overfittingIn } from './overfitting.js'

const curve = (losses: readonly number[], every = 1) =>
  losses.map((loss, index) => ({ step: (index + 1) * every, loss }))

const FALLING = curve([3, 2.5, 2, 1.5, 1.2, 1, 0.8, 0.6])

test('a held-out loss that rises twice while the training loss falls is overfitting', () => {
  expect(overfittingIn(FALLING, curve([2, 1.8, 1.9, 2.1], 2), 2)).toMatch(/1\.800 → 1\.900 → 2\.100/)
})

test.each([
  ['rose once', FALLING, curve([2, 1.8, 1.7, 1.9], 2)],
  ['rose and fell', FALLING, curve([2, 1.8, 1.9, 1.85], 2)],
  ['has two points', FALLING, curve([1.8, 1.9], 4)],
  ['rises with the training loss', curve([1, 1, 1.1, 1.1, 1.2, 1.2, 1.3, 1.3]), curve([1, 1.1, 1.2, 1.3], 2)],
])('none where the held-out loss %s', (_, loss, heldOut) => {
  expect(overfittingIn(loss, heldOut, 2)).toBeNull()
})

test('a training loss near zero over a whole epoch is overfitting without a held-out dataset', () => {
  const recited = curve([2, 1, 0.5, 0.04, 0.04, 0.04, 0.04, 0.04])
  expect(overfittingIn(recited, [], 3)).toMatch(/0\.040 over the last 5 steps/)
  expect(overfittingIn(recited, [], 6)).toBeNull()
  expect(overfittingIn(recited.slice(0, 7), [], 3)).toBeNull()
})
