import { expect, test } from 'vitest'
import { done, failed } from '../../../nouns/index.js'
import { askAgain, askNote, askVerdict, type Ask } from './ask.js'

/** A person who says these lines, and then goes away. */
function person(...lines: string[]): { readonly ask: Ask; readonly asked: string[] } {
  const asked: string[] = []
  const ask: Ask = async (question) => {
    asked.push(question)
    const line = lines.shift()
    return line === undefined ? failed({ kind: 'interrupted', code: 'x', message: 'gone' }) : done(line)
  }
  return { ask, asked }
}

test.each([
  [['s'], 'success', 1],
  [[' Failure '], 'failure', 1],
  [['what?', 'n'], 'failure', 2],
  [[''], 'unknown', 1],
  [[], 'unknown', 1],
])('%j is %s', async (lines, verdict, times) => {
  const { ask, asked } = person(...lines)
  expect(await askVerdict(ask)).toBe(verdict)
  expect(asked).toHaveLength(times)
})

test('a note is a line or nothing, and Enter goes on', async () => {
  expect(await askNote(person(' good ').ask)).toBe('good')
  expect(await askNote(person('').ask)).toBeUndefined()
  expect(await askAgain(person('').ask, 'More?')).toBe(true)
  expect(await askAgain(person('no').ask, 'More?')).toBe(false)
  expect(await askAgain(person().ask, 'More?')).toBe(false)
})
