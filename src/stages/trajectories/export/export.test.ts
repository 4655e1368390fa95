import { describe, expect, it } from 'vitest'
import type { Message, Trajectory } from '../../../nouns/index.js'
import { conversationOf } from './conversation.js'
import { exporterOf, exportFormats, exportTrajectory } from './index.js'
import { BASE } from './testing/probes.js'

const user = (id: string, content: string): Message => ({ id, role: 'user', origin: 'human', content })
const said = (id: string, content: string, more: Partial<Message> = {}): Message => ({
  id,
  role: 'assistant',
  origin: 'model',
  content,
  ...more,
})
const rebuilt = (id: string, content: string): Message => ({ ...user(id, content), origin: 'rebuilt' })

const long: Trajectory = {
  ...BASE,
  threads: [
    { id: 'main', messages: [user('m0', 'Go.'), said('m1', 'Going.'), user('m2', 'And?'), said('m3', 'Far.')] },
    {
      id: 'helper',
      parent: { thread: 'main', message: 'm1', relation: 'subagent' },
      messages: [user('h0', 'Help.'), said('h1', 'Helped.')],
    },
    {
      id: 'again',
      parent: { thread: 'main', message: 'm1', relation: 'edit' },
      messages: [user('e0', 'Otherwise?'), said('e1', 'Near.')],
    },
    {
      id: 'after',
      parent: { thread: 'again', message: 'e1', relation: 'compaction' },
      messages: [rebuilt('c0', 'So far: near.'), user('c1', 'End.'), said('c2', 'Ended.')],
    },
  ],
}
const texts = (trajectory: Trajectory): unknown[] => conversationOf(trajectory).messages.map(({ content }) => content)

describe('the conversation that a format without threads holds', () => {
  it('is the last stretch of the main line, which ends in the final answer', () => {
    expect(texts(long)).toEqual(['So far: near.', 'End.', 'Ended.'])
    expect(conversationOf(long).leftOut).toEqual(['main', 'helper', 'again'])
  })

  it('begins with the history that a branch shares with its parent', () => {
    const branched = { ...long, threads: long.threads.slice(0, 3) }
    expect(texts(branched)).toEqual(['Go.', 'Going.', 'Otherwise?', 'Near.'])
    expect(conversationOf(branched).leftOut).toEqual(['main', 'helper'])
  })

  it('is empty where there is none, and ends where threads are each their own parent', () => {
    expect(texts({ ...BASE, threads: [] })).toEqual([])
    const parent = { thread: 'main', message: 'm0', relation: 'edit' as const }
    expect(texts({ ...BASE, threads: [{ id: 'main', parent, messages: [user('m0', 'Go.')] }] })).toEqual(['Go.'])
  })
})

describe('an export', () => {
  it('names the threads that it leaves out', async () => {
    const { lost } = await exportTrajectory(long, 'trl')
    expect(lost.find(({ field }) => field === 'threads')).toEqual({
      field: 'threads',
      where: 'probe: main, helper, again',
    })
  })

  it('warns where what must not train would train, by name, and nowhere else', async () => {
    const messages = [
      user('m0', 'Go.'),
      said('m1', 'a', { weight: 0 }),
      user('m2', '?'),
      said('m3', 'b', { origin: 'rebuilt' }),
      user('m4', '?'),
      said('m5', 'c'),
    ]
    const trajectory = { ...BASE, threads: [{ id: 'main', messages }] }
    for (const format of ['trl', 'sharegpt']) {
      const { warnings } = await exportTrajectory(trajectory, format)
      expect(warnings).toEqual([expect.stringMatching(/no place for weights: 2 messages .*: m1, m3$/)])
    }
    const trained = { openai: 'weight', slime: 'step_loss_mask', axolotl: 'train', 'ms-swift': 'loss' }
    for (const [format, field] of Object.entries(trained)) {
      const { text, warnings } = await exportTrajectory(trajectory, format === 'openai' ? 'openai-messages' : format)
      expect(warnings).toEqual([])
      const written = (JSON.parse(text) as { messages: Record<string, unknown>[] }).messages
      expect(written.filter(({ role }) => role === 'assistant').map((one) => Number(one[field] ?? 1))).toEqual([
        0, 0, 1,
      ])
    }
  })

  it('warns of tools that change, arguments that are no object, and turns that LLaMA-Factory refuses', async () => {
    const call = (tools: string) => ({ call: { model: 'm', params: {}, tools } })
    const toolCalls = [{ id: 'x', name: 'f', arguments: '{"a": ' }]
    const messages = [
      user('m0', 'Go.'),
      said('m1', 'a', { ...call('one'), toolCalls }),
      user('m2', '?'),
      user('m3', '!'),
      said('m4', 'b', call('two')),
    ]
    const trajectory = {
      ...BASE,
      threads: [{ id: 'main', messages }],
      tools: { one: [{ name: 'f' }], two: [{ name: 'g' }] },
    }
    const { warnings } = await exportTrajectory(trajectory, 'sharegpt')
    expect(warnings).toEqual([
      expect.stringMatching(/tools change within the session \(2 lists\)/),
      expect.stringMatching(/in quotes: m1$/),
      expect.stringMatching(/skips this sample: turn 4 \(human\) is out of turn$/),
    ])
    for (const format of ['trl', 'slime', 'axolotl']) {
      expect((await exportTrajectory(trajectory, format)).warnings.at(-1)).toMatch(/m1/)
    }
  })

  it('says that nothing comes back of a trajectory without messages, and knows no other format', async () => {
    const { lost } = await exportTrajectory({ ...BASE, threads: [] }, 'slime')
    expect(lost).toEqual([{ field: 'threads', where: expect.stringMatching(/fails/) as string }])
    expect(exporterOf('nothing')).toMatchObject({
      ok: false,
      failure: { code: 'export.format', remedy: expect.stringMatching(/slime/) as string },
    })
  })
})

describe.each(exportFormats)('%s', (format) => {
  it('takes a digest of tools for data: a name of every object names no list', async () => {
    const calling = (tools: string): Trajectory => ({
      ...BASE,
      tools: {},
      threads: [{ id: 'main', messages: [said('m0', 'x', { call: { model: 'm', params: {}, tools } })] }],
    })
    const absent = await exportTrajectory(calling('absent'), format)
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const text = JSON.stringify(await exportTrajectory(calling(name), format)).replaceAll(name, 'absent')
      expect(text).toBe(JSON.stringify(absent))
    }
  })
})
