import { describe, expect, it } from 'vitest'
import type { Message, Trajectory } from '../../../nouns/index.js'
import { samplesOf } from '../collect.js'
import type { ChatMessage } from '../conversation/index.js'
import { isProved } from '../prove/sample-proof.js'
import { agentConversations } from '../testing/agent-conversations.js'
import { familyModels } from '../testing/family-models.js'
import { trajectoryOf } from '../testing/oracle.js'
import { samplesIn } from '../testing/samples.js'

const ORIGINS = { system: 'agent', user: 'human', assistant: 'model', tool: 'tool' } as const

const asMessage = (chat: ChatMessage, index: number): Message => {
  const role = chat.role as Message['role']
  const calls = chat.tool_calls?.map(({ id, function: { name, arguments: given } }) => ({
    id,
    name,
    arguments: JSON.stringify(given),
  }))
  return {
    id: `m${index}`,
    role,
    origin: ORIGINS[role],
    content: chat.content,
    ...(chat.reasoning_content === undefined ? {} : { reasoning: { kind: 'full', text: chat.reasoning_content } }),
    ...(calls === undefined ? {} : { toolCalls: calls }),
    ...(chat.tool_call_id === undefined ? {} : { toolCallId: chat.tool_call_id }),
  }
}

const trajectoryFrom = (chats: readonly ChatMessage[]): Trajectory =>
  trajectoryOf('t', [], { created: '2026-01-02T00:00:00Z', threads: [{ id: 'main', messages: chats.map(asMessage) }] })

const thought = (content: string): ChatMessage => ({ role: 'assistant', content, reasoning_content: `on ${content}` })
const call: ChatMessage = {
  ...thought(''),
  reasoning_content: 'on calling',
  tool_calls: [{ id: 'callnine0', type: 'function', function: { name: 'shell', arguments: { a: 1 } } }],
}
const user = (content: string): ChatMessage => ({ role: 'user', content })
const rounds = [
  user('first'),
  call,
  { role: 'tool', content: 'out', tool_call_id: 'callnine0' },
  thought('one'),
  user('second'),
  thought('two'),
]

/** What each sample trains, and which thoughts its text shows. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, readonly [readonly string[], readonly string[]]>>>> = {
  qwen3: {
    't.until-4': [
      ['m1', 'm3'],
      ['on calling', 'on one'],
    ],
    t: [['m5'], ['on two']],
  },
  qwen2_5: { t: [['m1', 'm3', 'm5'], []] },
  llama3_1: { t: [['m1', 'm3', 'm5'], []] },
  // Its prompt shows the analysis of the call before the answer; with the answer the template drops it.
  gptoss: {
    't.until-4': [
      ['m1', 'm3'],
      ['on calling', 'on one'],
    ],
    t: [['m5'], ['on two']],
  },
}

describe('a history that the template rewrites, with real templates and tokenizers', () => {
  for (const { name, missing, open } of familyModels()) {
    it.skipIf(missing !== '')(`${name} shows each round as it was ${missing}`, async () => {
      const model = await open()
      const made = await samplesOf(model, trajectoryFrom(rounds), { maxTokens: Infinity })
      const found: Record<string, unknown> = {}
      for (const { sample, proof } of samplesIn(made)) {
        const [text = ''] = await model.tokeniser.decode([sample.input_ids])
        const shown = ['on calling', 'on one', 'on two'].filter((one) => text.includes(one))
        found[sample.id] = [[...new Set(proof.spans.map(({ message }) => message))], shown]
      }
      expect(found).toEqual(EXPECTED[name])
      const told = 'problem' in made ? [] : made.notes.filter(({ code }) => code === 'history-rewritten')
      expect(told.length).toBe(Object.keys(found).length > 1 ? 1 : 0)
      const joined = 'problem' in made ? [] : made.notes.filter(({ code }) => code === 'answer-appended')
      expect(joined.map(({ sample }) => sample)).toEqual(name === 'gptoss' ? ['t.until-4'] : [])
    })

    it.skipIf(missing !== '')(`${name}: every sample of any conversation is proved ${missing}`, async () => {
      const model = await open()
      const others = new Set<string>()
      let proved = 0
      for (const { messages } of agentConversations(11, 16)) {
        const made = await samplesOf(model, trajectoryFrom(messages.map(({ chat }) => chat)), { maxTokens: Infinity })
        if ('problem' in made) others.add(made.problem.failure.code)
        else for (const { proof } of made.samples) expect(isProved(proof), JSON.stringify(proof)).toBe(true)
        if ('samples' in made) proved += made.samples.length
      }
      expect(proved).toBeGreaterThan(0)
      const known = [
        'template.refused',
        'sample.untrained',
        'content.not-shown',
        'tools.not-shown',
        // gpt-oss's template prints the first of parallel calls alone.
        ...(name === 'gptoss' ? ['tool-calls.not-shown'] : ['history.not-shown']),
      ]
      expect([...others].filter((code) => !known.includes(code))).toEqual([])
    })
  }
})
