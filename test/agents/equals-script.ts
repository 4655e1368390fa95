import { expect } from 'vitest'
import type { Message, Thread } from '../../src/nouns/index.js'
import type { StoredTrajectory } from '../../src/stages/trajectories/index.js'
import type { AgentUnderTest } from './agent-under-test.js'
import { AGAIN, BREAK, COUNT, LONG, scriptFor, SEEN, WORK } from './script.js'

const NONE: Thread = { id: '', messages: [] }

export const spoken = ({ messages }: Pick<Thread, 'messages'>): unknown[] =>
  messages
    .filter(({ origin }) => origin === 'model')
    .map(({ content, reasoning, toolCalls = [] }: Message) => [
      ...[content, reasoning?.text],
      toolCalls.map(({ name, arguments: text }) => [name, text]),
    ])

const scripted = (agent: AgentUnderTest, user: string): unknown[] =>
  (scriptFor(agent).find(({ match }) => match?.user === user)?.replies ?? []).map(
    ({ text, reasoning, toolCalls = [] }) => [
      ...[text, reasoning],
      toolCalls.map(({ name, arguments: exact }) => [name, exact]),
    ],
  )

/** A session of each kind that agents are recorded in, and what its trajectory must be: what the script said, message for message. */
export const EQUALS_SCRIPT = { worked, resumed, compacted, broken } as const
export type SessionKind = keyof typeof EQUALS_SCRIPT

function worked(agent: AgentUnderTest, { threads, asides, complete }: StoredTrajectory): void {
  const [main = NONE, ...others] = threads
  expect(spoken(main)).toEqual(scripted(agent, WORK))
  expect(others.map(spoken)).toEqual(agent.subagent === undefined ? [] : [scripted(agent, COUNT)])
  for (const { parent } of others) {
    expect(parent).toMatchObject({ thread: main.id, relation: 'subagent' })
    expect(parent?.toolCall).toBeDefined()
  }
  const human = main.messages.filter(({ origin }) => origin === 'human')
  expect(JSON.stringify(human.map(({ content }) => content))).toContain(WORK)
  expect(human).toHaveLength(1)
  const calls = threads.flatMap(({ messages }) => messages.flatMap(({ toolCalls = [] }) => toolCalls))
  const results = threads.flatMap(({ messages }) => messages.flatMap(({ toolCallId }) => toolCallId ?? []))
  expect(results.length).toBe(calls.length - (agent.submit === undefined ? 0 : 1))
  expect(asides.map(({ why: reason }) => reason)).toEqual(expect.arrayContaining(['a failed attempt: HTTP 503']))
  expect(complete).toBe(true)
}

function resumed(agent: AgentUnderTest, { threads }: StoredTrajectory): void {
  const [main = NONE] = threads
  expect(spoken(main)).toEqual(scripted(agent, AGAIN))
  const rebuilt = main.messages.filter(({ origin, role }) => role === 'assistant' && origin === 'rebuilt')
  expect(JSON.stringify(rebuilt.map(({ content }) => content))).toContain('I will look first.')
}

function compacted(agent: AgentUnderTest, { threads, asides, complete }: StoredTrajectory): void {
  const line = threads.filter(({ parent }) => parent?.relation !== 'subagent')
  expect(line.map(({ parent }) => parent?.relation)).toEqual([undefined, 'compaction'])
  const inTurn = agent.compact !== undefined && 'tokens' in agent.compact
  const expected = inTurn
    ? [...scripted(agent, LONG), [SEEN, undefined, []]]
    : [...scripted(agent, WORK), ...scripted(agent, AGAIN)]
  expect(line.flatMap(spoken)).toEqual(expected)
  const [, after] = line
  const shown = after?.messages
    .filter(({ origin }) => origin === 'rebuilt')
    .map(({ content }) => JSON.stringify(content))
  expect(shown?.join('\n')).toContain('There is a file named a.txt.')
  expect(asides.map(({ why: reason }) => reason)).toContain('compact: the conversation is summed up')
  expect(complete).toBe(true)
}

/** Where every attempt breaks, nothing is made of it but what came. */
function broken(_agent: AgentUnderTest, { threads, asides, complete }: StoredTrajectory): void {
  const [main = NONE] = threads
  const human = main.messages.filter(({ origin }) => origin === 'human')
  expect(JSON.stringify(human.map(({ content }) => content))).toContain(BREAK)
  const said = [...threads, ...asides].flatMap(({ messages }) => messages).filter(({ origin }) => origin === 'model')
  expect(said.map(({ content }) => content)).toContain('It is sai')
  expect(JSON.stringify(said)).not.toContain('It is said in full.')
  expect(complete).toBe(false)
}
