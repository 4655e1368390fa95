import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BuiltInConfig, failed, Query, unwrap, type ScriptEntry, type TrajectoryEvent } from '../../../nouns/index.js'
import { builtInAgent } from '../../agents/index.js'
import { scriptedModel, type ChatModel } from '../../models/index.js'
import { virtualSandboxes } from '../../sandboxes/index.js'
import { budgetSpent, scorerFor, type JudgeCall } from '../../scoring/index.js'
import { runRollout, workspacesIn, type Rollout, type RolloutPlan } from '../index.js'
import { findLeak } from './leaks.js'
import { simulatedUser, type SimulatedUserOptions } from './index.js'

const QUERY = Query.parse({
  format: 'limi.query/1',
  id: 'count',
  request: 'Write how many lines the data has to a file.',
  start: { files: { 'data.txt': 'a\nb\nc\n' } },
  scoring: {
    kind: 'checks',
    checks: [
      { kind: 'file', id: 'right', path: 'totals/count.txt', matches: '^7341$', feedback: 'The number is wrong.' },
      { kind: 'command', id: 'sum', run: 'sort -u data.txt | grep --count zebra' },
    ],
  },
  source: { kind: 'person' },
})

/** A simulated user who says these texts, one a round and try, and what they were asked. */
function userOf(...texts: string[]): { readonly model: ChatModel; readonly asked: string[] } {
  const asked: string[] = []
  const left = [...texts]
  const model: ChatModel = {
    name: 'user',
    async *stream({ messages }) {
      const last = messages.at(-1)?.content
      asked.push(typeof last === 'string' ? last : '')
      const text = left.shift()
      if (text === undefined) {
        yield { type: 'failure', failure: { kind: 'underway', code: 'model.down', message: 'down' }, retryable: false }
        return
      }
      yield { type: 'text', text }
      yield { type: 'usage', usage: { inputTokens: 100, outputTokens: 10 } }
      yield { type: 'stop', reason: 'stop' }
    },
  }
  return { model, asked }
}

async function play(model: ChatModel, options: SimulatedUserOptions = {}, plan: Partial<RolloutPlan> = {}) {
  const events: TrajectoryEvent[] = []
  const entries: ScriptEntry[] = [
    { request: QUERY.request, replies: ['Done.', 'Again.', 'Again.'].map((text) => ({ text })) },
  ]
  const rollout: Rollout = await runRollout({
    query: QUERY,
    agent: builtInAgent(BuiltInConfig.parse({ kind: 'built-in', actions: 'fenced' })),
    model: scriptedModel('script:t', entries),
    workspaces: workspacesIn(virtualSandboxes),
    scorer: unwrap(scorerFor(QUERY)),
    feedback: simulatedUser(model, { backoffMs: [], ...options }),
    rounds: 2,
    sink: { append: async (event) => void events.push(event) },
    ...plan,
  })
  const said = events.flatMap((event) =>
    event.type === 'message' && event.message.role === 'user' ? [event.message] : [],
  )
  return { rollout, said, recorded: JSON.stringify(events) }
}

describe('a simulated user', () => {
  test('says the next message, with origin simulated, and knows what failed', async () => {
    const { model, asked } = userOf('I cannot find how many lines there are.')
    const { rollout, said, recorded } = await play(model)
    expect(said.map(({ origin, content, round }) => [origin, content, round])).toEqual([
      ['human', QUERY.request, 1],
      ['simulated', 'I cannot find how many lines there are.', 2],
    ])
    expect(rollout.feedback).toEqual([
      { round: 1, text: said[1]!.content, by: 'simulated', tries: [{ text: said[1]!.content }] },
    ])
    expect(asked[0]).toContain('totals/count.txt')
    for (const hidden of ['totals', '7341', 'zebra']) expect(recorded).not.toContain(hidden)
  })

  test.each([
    ['a value', 'It should be 7341.'],
    ['the place of a file', 'I looked into Totals/Count.TXT.'],
    ['a command', 'Try `grep --count zebra` on the data.'],
    ['a command with words between', 'Sort -u it, then data.txt goes to grep with count of zebra'],
    ['a command spelled out', 'Use s-o-r-t u d.a.t.a t.x.t g.r.e.p c.o.u.n.t zebra'],
    ['nothing', '  '],
    ['a flood', 'no '.repeat(1000)],
  ])('who says %s is asked again', async (_, leak) => {
    const { model, asked } = userOf(leak, 'The file is not there.')
    const { said, rollout } = await play(model)
    expect(said[1]!.content).toBe('The file is not there.')
    expect(rollout.feedback[0]!.tries.map(({ refused }) => refused === undefined)).toEqual([false, true])
    expect(asked[1]).toMatch(/^That message cannot be sent/)
  })

  test('who leaks twice is replaced by the scorer’s own feedback, with a line that says so', async () => {
    const lines: string[] = []
    const { said, rollout } = await play(userOf('7341', '7 341? no: 7341').model, {
      onLine: (line) => lines.push(line),
    })
    expect(said[1]!.content).toBe('The number is wrong.')
    expect(rollout.feedback[0]!.by).toBe('scorer')
    expect(lines).toEqual([expect.stringMatching(/^count: after round 1 the scorer's own feedback was given/)])
  })

  test('may not tell a solution that the query does not hold', async () => {
    const solutionOf = () => ['awk END NR input']
    const { said } = await play(userOf('Print with awk: END NR input', 'It is empty.').model, { solutionOf })
    expect(said[1]!.content).toBe('It is empty.')
  })

  test('who fails ends the rollout by its cause, unscored and incomplete', async () => {
    const { rollout, recorded } = await play(userOf().model)
    expect(rollout).toMatchObject({ cause: 'user-simulator', failure: { code: 'model.down' } })
    expect(recorded).toContain('"status":"unknown"')
    expect(recorded).not.toContain('"type":"end"')
  })

  test('is paid for, and not asked where nothing is left', async () => {
    const taken: JudgeCall[] = []
    const account = {
      mayAsk: () => ({ ok: true as const, value: undefined }),
      took: (call: JudgeCall) => void taken.push(call),
    }
    await play(userOf('Wrong.').model, { price: { input: 1000, output: 10_000 } }, { account })
    expect(taken).toEqual([{ judge: 'user', usage: { inputTokens: 100, outputTokens: 10 }, cost: 0.2 }])
    const empty = { ...account, mayAsk: () => failed(budgetSpent('spent')) }
    const { model, asked } = userOf('Wrong.')
    expect((await play(model, {}, { account: empty })).rollout).toMatchObject({ cause: 'budget', measured: false })
    expect(asked).toEqual([])
  })
})

describe('what gives a hidden text away', () => {
  const word = fc.stringMatching(/^[a-z]{3,8}$/)
  const line = fc.array(word, { minLength: 1, maxLength: 9 })

  test('is found wherever it stands, however it is written', () => {
    const write = (words: readonly string[], how: number): string =>
      how === 0 ? words.join(' ') : how === 1 ? words.join(', ').toUpperCase() : words.join('\u200b_ ')
    fc.assert(
      fc.property(line, fc.array(word), fc.array(word), fc.nat(2), (hidden, before, after, how) => {
        const text = write([...before, ...hidden, ...after], how)
        expect(findLeak(text, ['other', hidden.join(' ')], [])).not.toBeNull()
      }),
    )
  })

  test('may be the order of lines that the agent has seen', () => {
    expect(findLeak('It should say apple pear.', ['apple\npear\n'], ['pear\napple\n'])).toMatchObject({
      words: 'apple pear',
    })
    expect(findLeak('Sort pear and apple.', ['apple\npear\n'], ['pear\napple\n'])).toBeNull()
  })

  test('is nothing that the agent has seen, nor what shares no word with it', () => {
    fc.assert(
      fc.property(line, (hidden) => {
        const text = hidden.join(' ')
        expect(findLeak(text, [text], [`so: ${text}!`])).toBeNull()
        expect(findLeak('1 2 3', [text], [])).toBeNull()
      }),
    )
  })
})
