import fc from 'fast-check'
import { expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import type { Spoken } from '../dialect.js'
import { HEAD, streamed } from '../testing/spoken.js'
import { responses } from './index.js'

const tool = (name: string) => ({ type: 'function', name, parameters: { type: 'object' } })
const namespace = (name: string, ...tools: readonly object[]) => ({ type: 'namespace', name, tools })
const read = (body: object) => unwrap(responses.readRequest({ kind: 'generate' }, { model: 'm', ...body }))

const TOOLS = [
  tool('shell'),
  namespace('mail', tool('search'), tool('send')),
  namespace('mcp__web__', tool('search')),
  namespace('a b', tool('shell'), { type: 'custom', name: 'search' }),
]

it('tools of one name are offered by names of their own, and past calls have these', () => {
  const called = (call_id: string, name: string, more: object = {}) => ({
    ...{ type: 'function_call', call_id, name, arguments: '{}' },
    ...more,
  })
  const input = [
    { role: 'user', content: 'hi' },
    called('1', 'search', { namespace: 'mail' }),
    called('2', 'search', { namespace: 'mcp__web__' }),
    called('3', 'shell'),
    called('4', 'shell', { namespace: 'a b' }),
    called('5', 'search'),
  ]
  const asked = responses.asked(read({ input, tools: TOOLS }))
  expect(asked.tools.map(({ name }) => name)).toEqual([
    'shell',
    'mail__search',
    'send',
    'mcp__web__search',
    'a_b__shell',
  ])
  const calls = asked.messages?.[1]?.toolCalls?.map(({ name }) => name)
  expect(calls).toEqual(['mail__search', 'mcp__web__search', 'shell', 'a_b__shell', 'search'])
})

it('what has one name keeps it', () => {
  const asked = responses.asked(read({ input: 'hi', tools: [tool('shell'), namespace('mail', tool('search'))] }))
  expect(asked.tools.map(({ name }) => name)).toEqual(['shell', 'search'])
  expect(asked).not.toHaveProperty('messages')
})

const names = fc.constantFrom('ls', 'search', 'a__ls', 'x'.repeat(64))
const spaces = fc.option(fc.constantFrom('a', 'b', 'a__', 'ü', '_', 'y'.repeat(70)))

it('whatever tools there are, each is called by a name of its own, and served back by its own name and namespace', () => {
  const distinct = fc.uniqueArray(fc.record({ space: spaces, name: names }), {
    selector: ({ space, name }) => JSON.stringify([space, name]),
  })
  fc.assert(
    fc.property(distinct, (given) => {
      const tools = given.map(({ space, name }) => (space === null ? tool(name) : namespace(space, tool(name))))
      const request = read({ input: 'hi', tools })
      const offered = responses.asked(request).tools.map(({ name }) => name)
      expect(new Set(offered).size).toBe(given.length)
      expect(offered.every((name) => name.length <= 64)).toBe(true)
      const events: Spoken[] = [
        ...offered.map((name, at): Spoken => ({ type: 'toolCall', id: `c${at}`, name, arguments: '{}' })),
        { type: 'stop', reason: 'tool-calls' },
      ]
      const { message } = responses.readResponse(streamed(responses.streamWriter(HEAD, request), events), 200)
      const back = (message?.toolCalls ?? []).map(({ name, extra }) => ({
        space: (extra?.['openai'] as { namespace?: string } | undefined)?.namespace ?? null,
        name,
      }))
      expect(back).toEqual(given)
    }),
  )
})
