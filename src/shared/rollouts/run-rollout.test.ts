import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BuiltInConfig, FailureError, Query, TrajectoryEvent, unwrap, type ScriptEntry } from '../../nouns/index.js'
import { builtInAgent } from '../agents/index.js'
import { scriptedModel } from '../models/index.js'
import { virtualSandboxes } from '../sandboxes/index.js'
import { scorerFor, type Scorer } from '../scoring/index.js'
import { runRollout, workspacesIn, type Rollout, type RolloutPlan } from './index.js'

const QUERY = Query.parse({
  format: 'limi.query/1',
  id: 'count',
  request: 'Write the number of lines of data.txt to count.txt.',
  start: { files: { 'data.txt': 'a\nb\nc\n' } },
  scoring: {
    kind: 'checks',
    checks: [
      { kind: 'file', id: 'there', path: 'count.txt' },
      { kind: 'file', id: 'right', path: 'count.txt', matches: '^3$', weight: 2, feedback: 'The number is wrong.' },
    ],
  },
  source: { kind: 'person' },
})

const bash = (command: string): string => `\`\`\`bash\n${command}\n\`\`\``

const NOVICE = [bash('echo 2 > count.txt'), 'Done.', bash('wc -l < data.txt > count.txt'), 'Corrected.']

interface Played {
  readonly rollout: Rollout
  readonly events: TrajectoryEvent[]
}

async function play(texts: readonly string[], plan: Partial<RolloutPlan> = {}): Promise<Played> {
  const query = plan.query ?? QUERY
  const events: TrajectoryEvent[] = []
  const entries: ScriptEntry[] = [{ request: query.request, replies: texts.map((text) => ({ text })) }]
  const rollout = await runRollout({
    query,
    agent: builtInAgent(BuiltInConfig.parse({ kind: 'built-in', actions: 'fenced' })),
    model: scriptedModel('script:t', entries),
    workspaces: workspacesIn(virtualSandboxes),
    scorer: unwrap(scorerFor(QUERY)),
    rounds: 3,
    sink: { append: async (event) => void events.push(structuredClone(event)) },
    ...plan,
  })
  return { rollout, events }
}

const kinds = (events: readonly TrajectoryEvent[]): string =>
  events.map((event) => (event.type === 'message' ? event.message.role : event.type)).join(' ')

describe('a rollout', () => {
  test('succeeds in the second round, after feedback', async () => {
    const { rollout, events } = await play(NOVICE)
    expect(rollout).toMatchObject({ answer: 'Corrected.', cause: null, diff: { 'count.txt': 'added' } })
    expect(rollout.rounds.map((score) => [score.score, score.max, score.passed])).toEqual([
      [1, 3, false],
      [3, 3, true],
    ])
    expect(kinds(events)).toBe(
      'thread system user assistant user assistant round user assistant user assistant round outcome end',
    )
    expect(events.filter((event) => event.type === 'round')).toEqual([
      { type: 'round', record: { round: 1, score: 1, max: 3, passed: false, feedback: 'The number is wrong.' } },
      { type: 'round', record: { round: 2, score: 3, max: 3, passed: true } },
    ])
    expect(events.at(-2)).toEqual({
      type: 'outcome',
      outcome: { status: 'success', score: 3, max: 3, cause: null, by: 'checks' },
    })
    expect(events.at(-1)).toEqual({ type: 'end' })
    for (const event of events) expect(TrajectoryEvent.safeParse(event).success).toBe(true)
  })

  test('ends in failure when its rounds are used up', async () => {
    const { rollout, events } = await play(['no', 'no', 'no'], { rounds: 2 })
    expect(rollout.rounds).toHaveLength(2)
    expect(rollout.cause).toBeNull()
    expect(events.at(-2)).toMatchObject({ outcome: { status: 'failure', score: 0, max: 3 } })
    const said = events.flatMap((event) =>
      event.type === 'message' && event.message.role === 'user' ? [event.message] : [],
    )
    expect(said.map((message) => [message.round, message.origin, message.content])).toEqual([
      [1, 'human', QUERY.request],
      [2, 'simulated', 'The number is wrong.'],
    ])
  })

  test('without a model is the infrastructure’s failure, not the agent’s: outcome unknown, trajectory incomplete', async () => {
    const { rollout, events } = await play(NOVICE.slice(0, 2))
    expect(rollout).toMatchObject({ cause: 'infrastructure', failure: { code: 'script.exhausted' } })
    expect(rollout.rounds).toHaveLength(1)
    expect(kinds(events)).toMatch(/round user aside outcome$/)
    expect(events.at(-1)).toMatchObject({ outcome: { status: 'unknown', cause: 'infrastructure' } })
  })

  test('with a scorer that fails is the judge’s', async () => {
    const failure = { kind: 'underway' as const, code: 'judge.down', message: 'down' }
    const scorer: Scorer = { score: () => Promise.reject(new FailureError(failure)) }
    const { rollout, events } = await play(NOVICE, { scorer })
    expect(rollout).toMatchObject({ cause: 'judge', failure, rounds: [] })
    expect(events.at(-1)).toMatchObject({ outcome: { status: 'unknown', cause: 'judge' } })
  })

  test('that is interrupted writes nothing more', async () => {
    const controller = new AbortController()
    const seen: TrajectoryEvent[] = []
    const append = async (event: TrajectoryEvent): Promise<void> => {
      seen.push(event)
      if (event.type === 'round') controller.abort()
    }
    const { rollout } = await play(NOVICE, {
      signal: controller.signal,
      sink: { append },
    })
    expect(rollout).toMatchObject({ cause: null, failure: { kind: 'interrupted' } })
    expect(rollout.rounds).toHaveLength(1)
    expect(kinds(seen)).toMatch(/ round user aside$/)
  })

  test('whose sink breaks throws the sink’s failure', async () => {
    const failure = { kind: 'underway' as const, code: 'disk.full', message: 'full' }
    const append = () => Promise.reject(new FailureError(failure))
    await expect(play(NOVICE, { sink: { append } })).rejects.toMatchObject({ failure })
  })

  test('of a query that starts in a repository is refused where none can be reached', async () => {
    const query = { ...QUERY, start: { files: {}, repository: { path: 'r', commit: 'c' } } }
    const { rollout } = await play(NOVICE, { query })
    expect(rollout).toMatchObject({ cause: 'infrastructure', failure: { code: 'workspace.no-repository' } })
  })
})

test('of hidden checks and their evidence nothing is ever recorded', async () => {
  const secret = fc.stringMatching(/^[a-z]{12}$/)
  await fc.assert(
    fc.asyncProperty(
      secret,
      secret,
      fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
      async (id, hidden, oks) => {
        const check = { kind: 'command', id, run: `grep -c '${hidden}' out.txt`, matches: '^9$' }
        const file = {
          kind: 'file',
          id: `${id}-f`,
          path: `${hidden}.txt`,
          contains: hidden,
          feedback: 'Please try again.',
        }
        const query = Query.parse({ ...QUERY, scoring: { kind: 'checks', checks: [check, file] } })
        const texts = oks.flatMap((ok) => [bash(ok ? 'echo x > out.txt' : 'cat missing'), 'Done.'])
        const { rollout, events } = await play(texts, { query, scorer: unwrap(scorerFor(query)), rounds: oks.length })
        expect(rollout.rounds.flatMap((score) => score.requirements)).not.toHaveLength(0)
        const recorded = JSON.stringify(events)
        for (const word of [id, hidden, 'no such file', 'grep']) expect(recorded).not.toContain(word)
      },
    ),
    { numRuns: 25 },
  )
})
