import path from 'node:path'
import type { Message, Trajectory } from '../../src/nouns/index.js'

/** A tokenizer of a few hundred tokens and a ChatML template, recorded from transformers. */
export const TINY_MODEL = path.resolve(import.meta.dirname, '../../src/stages/dataset/testing/tiny')

const user = (id: string, content: string): Message => ({ id, role: 'user', origin: 'human', content })
const said = (id: string, content: string, more: Partial<Message> = {}): Message => ({
  id,
  role: 'assistant',
  origin: 'model',
  content,
  ...more,
})

const trajectoryOf = (id: string, ...messages: Message[]): Trajectory => ({
  format: 'limi.trajectory/1',
  id,
  source: { kind: 'built-in', agent: 'test', model: 'test' },
  tags: {},
  threads: [{ id: 'main', messages }],
  asides: [],
  tools: {},
  rounds: [],
  outcome: { status: 'success', by: 'checks' },
  complete: true,
})

/** Of several turns, with an answer that does not train, and with one that a limit cut short; the last in two stretches. */
export function tinyTrajectories(): readonly Trajectory[] {
  const cut = { call: { model: 'm', params: {}, stop: 'length' as const } }
  const compacted = trajectoryOf('long', user('u1', 'Go.'), said('a1', 'Far.'))
  return [
    trajectoryOf('plain', user('u1', 'How many?'), said('a1', 'Three.'), user('u2', 'Sure? ü 漢'), said('a2', 'Yes.')),
    trajectoryOf(
      'weighed',
      user('u1', 'One?'),
      said('a1', 'Wrong.', { weight: 0 }),
      user('u2', 'No.'),
      said('a2', '1'),
    ),
    trajectoryOf('short', user('u1', 'Tell.'), said('a1', 'Once upon', cut)),
    {
      ...compacted,
      threads: [
        ...compacted.threads,
        {
          id: 'after',
          parent: { thread: 'main', message: 'a1', relation: 'compaction' },
          messages: [{ ...user('c0', 'So far: far.'), origin: 'rebuilt' }, said('a2', 'End.')],
        },
      ],
    },
  ]
}
