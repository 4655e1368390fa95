import { expect, test } from 'vitest'
import { habitsNamed } from '../../agents/index.js'
import type { WireMessage } from '../../wire/index.js'
import type { RecordedCall } from '../call.js'
import { createAssembler } from './index.js'

const CALLS = 400

/** A session in which each call asks for a tool: 400 messages a call on average, each body read anew. */
function longSession(): RecordedCall[] {
  const tools = Array.from({ length: 20 }, (_, at) => ({ name: `tool${at}`, description: 'x'.repeat(2000) }))
  const history: WireMessage[] = [
    { role: 'system', content: 'You are a program. '.repeat(800) },
    { role: 'user', content: 'Do it.' },
  ]
  const calls: RecordedCall[] = []
  for (let seq = 1; seq <= CALLS; seq += 1) {
    const call = { id: `id${seq}`, name: 'tool1', arguments: `{"path":"file ${seq}","text":"${'t'.repeat(300)}"}` }
    const message: WireMessage = { role: 'assistant', content: `Step ${seq}.`, toolCalls: [call] }
    calls.push({
      ...{ id: `c${seq}`, dialect: 'messages', time: '2026-01-01T00:00:00.000Z', identity: {}, status: 200 },
      request: {
        ...{ model: 'm', stream: true, params: {}, wantsSchema: false },
        messages: structuredClone(history),
        tools: structuredClone(tools),
      },
      response: { message, complete: true },
    })
    history.push(message, { role: 'tool', toolCallId: `id${seq}`, content: `line ${seq}\n`.repeat(120) })
  }
  return calls
}

test('a session of 400 calls with 400 messages each is put together in well under a second', () => {
  const calls = longSession()
  const assembler = createAssembler(habitsNamed('other'))
  const start = performance.now()
  for (const call of calls) assembler.add(call)
  const added = performance.now() - start
  const { threads } = assembler.assembled()
  expect(threads[0]?.messages.length).toBe(2 * CALLS + 1)
  expect(added).toBeLessThan(3000)
})

test('asking after every call stays cheap', () => {
  const calls = longSession()
  const assembler = createAssembler(habitsNamed('other'))
  const start = performance.now()
  for (const call of calls) {
    assembler.add(call)
    assembler.assembled()
  }
  expect(performance.now() - start).toBeLessThan(8000)
})
