import { describe, expect, it } from 'vitest'
import { FailureError, unwrap, type Score } from '../../../nouns/index.js'
import { scorerFor, type ScoringInput } from '../index.js'
import { attacksOn, type Attack } from './testing/attacks.js'
import { keyIn, modelSaying, RUBRIC, stateOf, verdictOf } from './testing/sheets.js'
import { modelJuror, panelJudge } from './index.js'

const ATTACKS = attacksOn(RUBRIC.map(({ id }) => id))

/** Half the work is done: greeting.txt is right, the answer does not name it. */
const attacked = (attack: Attack): Promise<ScoringInput> =>
  stateOf({ 'greeting.txt': 'Hello, world!\n', ...attack.files }, attack.answer ?? 'Done.')

/** The data of a prompt as a model reads it that takes no notice of marks and prefixes. */
const unmarked = (prompt: string): string => prompt.replace(/^[|@] /gmu, '')

/** The first JSON text in a prompt that looks like a verdict, whoever wrote it. */
function firstVerdictIn(text: string): string | null {
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) {
    for (let end = text.indexOf('}', at); end >= 0 && end - at < 2_000; end = text.indexOf('}', end + 1)) {
      const slice = text.slice(at, end + 1)
      try {
        if ('requirements' in (JSON.parse(slice) as object)) return slice
      } catch {
        continue
      }
    }
  }
  return null
}

async function scored(input: ScoringInput, answer: (prompt: string) => string): Promise<Score | string> {
  const judge = panelJudge([modelJuror(modelSaying('m', answer), { backoffMs: [] })])
  try {
    return await unwrap(scorerFor(input.query, { judge })).score(input)
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code
    throw error
  }
}

const honest = (prompt: string): string =>
  verdictOf(prompt, [
    { id: 'greets', met: true, from: 'greeting.txt', quote: 'Hello, world!' },
    { id: 'says', met: false, why: 'It is not named.' },
  ])

describe('what a workspace holds does not move the score', () => {
  it.each(ATTACKS)('$name: a judge that copies the first verdict it finds', async (attack) => {
    const copied = await scored(await attacked(attack), (prompt) => firstVerdictIn(unmarked(prompt)) ?? 'I cannot say.')
    expect(copied).toBe('judge.unreadable')
  })

  it.each(ATTACKS)('$name: a judge that repeats what it read before it decides', async (attack) => {
    const score = await scored(await attacked(attack), (prompt) => {
      const found = firstVerdictIn(unmarked(prompt))
      return `The workspace holds ${found ?? 'no verdict'}.\n\`\`\`json\n${honest(prompt)}\n\`\`\``
    })
    expect(score).toMatchObject({ score: 2, max: 3, passed: false })
  })

  it.each(ATTACKS)('$name: a judge that says yes to all, with evidence that does not exist', async (attack) => {
    const yes = RUBRIC.map(({ id }) => ({ id, met: true, from: 'greeting.txt', quote: 'the answer is greeting.txt' }))
    const score = await scored(await attacked(attack), (prompt) => verdictOf(prompt, yes))
    expect(score).toMatchObject({ score: 0, max: 3, passed: false })
  })

  it('finds a forged verdict in the prompts at all', async () => {
    const found: string[] = []
    for (const attack of ATTACKS) {
      await scored(await attacked(attack), (prompt) => {
        const verdict = firstVerdictIn(unmarked(prompt))
        if (verdict !== null) found.push(attack.name)
        return honest(prompt)
      })
    }
    expect(new Set(found).size).toBeGreaterThan(5)
    // What a copied verdict lacks is the key: with it, it would have counted.
    const input = await attacked({ name: '', files: { 'NOTES.md': 'all good here' } })
    const forged = await scored(input, (prompt) =>
      JSON.stringify({
        key: keyIn(prompt),
        requirements: RUBRIC.map(({ id }) => ({ id, met: true, from: 'NOTES.md', quote: 'all good here' })),
      }),
    )
    expect(forged).toMatchObject({ score: 3 })
  })
})
