import { describe, expect, it } from 'vitest'
import { FailureError, unwrap, type Score } from '../../../nouns/index.js'
import type { ChatModel } from '../../models/index.js'
import { NEUTRAL_FEEDBACK, scorerFor } from '../index.js'
import { modelJuror, panelJudge, type Judge } from './index.js'
import { modelSaying, queryWith, RUBRIC, stateOf, verdictOf, type Said } from './testing/sheets.js'

const YES: Said[] = [
  { id: 'greets', met: true, from: 'greeting.txt', quote: 'Hello, world!' },
  { id: 'says', met: true, from: 'answer', quote: 'It is in greeting.txt.' },
]
const NO: Said[] = RUBRIC.map(({ id }) => ({ id, met: false, why: 'SECRET words of the judge' }))
const HALF: Said[] = [YES[0]!, NO[1]!]

const saying = (name: string, ...verdicts: readonly (readonly Said[])[]): ChatModel => {
  let calls = 0
  return modelSaying(name, (prompt) => verdictOf(prompt, verdicts[calls++ % verdicts.length] ?? []))
}

async function scored(judge: Judge, query = queryWith(RUBRIC)): Promise<Score> {
  const input = await stateOf({ 'greeting.txt': 'Hello, world!\n' }, 'It is in greeting.txt.', query)
  return unwrap(scorerFor(query, { judge })).score(input)
}

const failureOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.catch((thrown: unknown) => thrown)
  if (error instanceof FailureError) return error.failure
  throw new Error(`no failure: ${JSON.stringify(error)}`)
}

describe('a judge', () => {
  it('scores by weight, with evidence, and keeps what was asked and said', async () => {
    const score = await scored(panelJudge([modelJuror(saying('m', HALF))]))
    expect(score).toMatchObject({ score: 2, max: 3, passed: false, feedback: NEUTRAL_FEEDBACK })
    expect(score.requirements).toEqual([
      { id: 'greets', passed: true, weight: 2, evidence: '"Hello, world!" (greeting.txt)' },
      { id: 'says', passed: false, weight: 1, evidence: 'SECRET words of the judge' },
    ])
    const [judgement, ...others] = score.judgements ?? []
    expect(others).toEqual([])
    expect(judgement).toMatchObject({ judge: 'm', repeat: 1, score: 2, usage: { inputTokens: 10, outputTokens: 2 } })
    expect(judgement?.prompt).toContain('| Hello, world!')
    expect(JSON.parse(judgement?.raw ?? '')).toMatchObject({ requirements: HALF })
  })

  it('tells in the judgement, as in the prompt, what was not shown', async () => {
    const query = queryWith(RUBRIC)
    const input = await stateOf({ 'greeting.txt': 'Hello, world!\n', 'x.png': new Uint8Array([0]) }, 'y'.repeat(20_001))
    const judge = panelJudge([modelJuror(saying('m', HALF))])
    const [judgement] = (await unwrap(scorerFor(query, { judge })).score(input)).judgements ?? []
    const cut = 'cut: its first 20000 characters are shown, of 20001 characters in all'
    expect(judgement?.['cuts']).toEqual([`answer: ${cut}`, 'x.png: no text (1 bytes): nothing is shown'])
    expect(judgement?.prompt).toContain(`the agent's last answer (${cut})`)
  })

  it('gives the failed requirements’ own words as feedback, never the judge’s', async () => {
    const score = await scored(panelJudge([modelJuror(saying('m', NO))]))
    expect(score.feedback).toBe('There is no greeting.')
    expect((await scored(panelJudge([modelJuror(saying('m', YES))]))).feedback).toBe(undefined)
  })

  it('passes a state from the share on that the query says', async () => {
    for (const [passAt, passed] of [
      [0.6, true],
      [2 / 3, true],
      [0.67, false],
      [1, false],
    ] as const) {
      const score = await scored(panelJudge([modelJuror(saying('m', HALF))]), queryWith(RUBRIC, { passAt }))
      expect([passAt, score.passed]).toEqual([passAt, passed])
    }
  })

  it('lets the majority of all votes decide; half of them is no majority', async () => {
    const passedBy = async (...verdicts: (readonly Said[])[]) => {
      const score = await scored(panelJudge([modelJuror(saying('m', ...verdicts))], verdicts.length))
      return score.requirements.map(({ passed }) => passed)
    }
    expect(await passedBy(YES, HALF, NO)).toEqual([true, false])
    expect(await passedBy(YES, NO)).toEqual([false, false])
    expect(await passedBy(YES, HALF, YES, NO)).toEqual([true, false])
    const panel = panelJudge([modelJuror(saying('a', YES)), modelJuror(saying('b', HALF))], 2)
    const score = await scored(panel)
    expect(score.judgements?.map(({ judge, repeat, score: points }) => [judge, repeat, points])).toEqual([
      ['a', 1, 3],
      ['a', 2, 3],
      ['b', 1, 2],
      ['b', 2, 2],
    ])
    expect(score.requirements.map(({ evidence }) => evidence.split(';')[0])).toEqual(['4 of 4 votes', '2 of 4 votes'])
    expect(new Set(score.judgements?.map(({ prompt }) => prompt)).size).toBe(4)
    expect(new Set(score.judgements?.map(({ sheet }) => sheet)).size).toBe(1)
  })

  it('tells of a yes that does not count', async () => {
    const lying = [{ ...YES[0]!, quote: 'Hello, moon, and all the stars' }, YES[1]!]
    const score = await scored(panelJudge([modelJuror(saying('m', lying))]))
    expect(score.requirements[0]).toMatchObject({
      passed: false,
      evidence: expect.stringContaining(
        'a yes that does not count: the quoted evidence does not stand there',
      ) as string,
    })
    expect(score.judgements?.[0]).toMatchObject({ findings: [{ met: true, counted: false }, { counted: true }] })
  })

  it('is asked again where it gave no verdict, with what was wrong, and keeps both answers', async () => {
    const asked: number[] = []
    const model = modelSaying('m', (prompt, { messages }) => {
      asked.push(messages.length)
      return messages.length === 1 ? 'Fine work!' : verdictOf(prompt, HALF)
    })
    const score = await scored(panelJudge([modelJuror(model)]))
    expect([asked, score.score]).toEqual([[1, 3], 2])
    expect(score.judgements).toMatchObject([
      { raw: 'Fine work!', score: null, problem: expect.stringMatching(/no JSON object/u) as string },
      { score: 2, prompt: expect.stringMatching(/^That cannot be read: .*no JSON object/u) as string },
    ])
  })

  it('that cannot be read twice is a failure, and so is a model that fails; what may pass is tried again', async () => {
    const mute = await failureOf(scored(panelJudge([modelJuror(modelSaying('m', () => '\u001b[8mno'))])))
    expect(mute).toMatchObject({ kind: 'underway', code: 'judge.unreadable', where: 'm' })
    expect(mute.message).not.toContain('\u001b')
    let calls = 0
    const shaky = (failures: number): ChatModel => ({
      name: 'shaky',
      async *stream(request) {
        calls += 1
        const failure = { kind: 'underway', code: 'model.unavailable', message: 'HTTP 500' } as const
        if (calls <= failures) yield { type: 'failure', failure, retryable: true }
        else yield* saying('m', YES).stream(request)
      },
    })
    const options = { backoffMs: [1, 1] }
    expect((await scored(panelJudge([modelJuror(shaky(2), options)]))).score).toBe(3)
    calls = 0
    expect(await failureOf(scored(panelJudge([modelJuror(shaky(3), options)])))).toMatchObject({
      code: 'model.unavailable',
    })
    calls = 0
    const mixed = panelJudge([modelJuror(saying('m', YES)), modelJuror(modelSaying('n', () => ''))])
    expect(await failureOf(scored(mixed))).toMatchObject({ code: 'judge.unreadable', where: 'n' })
  })

  it('is another judge with another model, other repeats or another temperature', () => {
    const of = (name: string, repeats = 1, temperature = 0, digest?: string): string =>
      JSON.stringify(panelJudge([modelJuror(saying(name, YES), { temperature, digest })], repeats).identity)
    const all = [of('a'), of('b'), of('a', 2), of('a', 1, 0.5), of('a', 1, 0, 'd1'), of('a', 1, 0, 'd2')]
    expect(new Set(all).size).toBe(all.length)
    expect(of('a')).toBe(of('a'))
  })

  it('is needed for a rubric, whose ids are unique', () => {
    expect(scorerFor(queryWith(RUBRIC))).toMatchObject({
      ok: false,
      failure: { code: 'scoring.no-judge', where: 'greet' },
    })
    const judge = panelJudge([modelJuror(saying('m', YES))])
    expect(scorerFor(queryWith([RUBRIC[0]!, RUBRIC[0]!]), { judge })).toMatchObject({
      failure: { code: 'rubric.duplicate' },
    })
  })
})
