import { expect, it } from 'vitest'
import { SeenIds } from './seen-ids.js'

it('knows every id that it was given, however many, and hardly any other', () => {
  const seen = new SeenIds()
  const id = (number: number): string => `m${number}`
  let wrong = 0
  for (let number = 0; number < 400_000; number += 1) {
    if (seen.has(id(number))) wrong += 1
    seen.add(id(number))
  }
  let lost = 0
  for (let number = 0; number < 400_000; number += 1) if (!seen.has(id(number))) lost += 1
  expect({ wrong, lost }).toEqual({ wrong: 0, lost: 0 })
})
