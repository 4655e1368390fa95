import { describe, expect, it } from 'vitest'
import type { ChatMessage } from '../conversation/index.js'
import { compileTemplate, type RenderInput } from './template.js'
import type { Result } from '../../../nouns/index.js'

const say: ChatMessage = { role: 'user', content: 'hi' }

function render(source: string, input: Partial<RenderInput> = {}): Result<string> {
  const compiled = compileTemplate(source)
  return compiled.ok ? compiled.value.render({ messages: [say], tools: null, variables: {}, ...input }) : compiled
}

describe('the date', () => {
  const llama = '{% if strftime_now is defined %}{{ strftime_now("%d %b %Y") }}{% else %}26 Jul 2024{% endif %}'

  it('is the conversation’s, in UTC', () =>
    expect(render(llama, { now: new Date('2025-03-04T23:30:00-05:00') })).toEqual({ ok: true, value: '05 Mar 2025' }))

  it('is refused where none is known, and only where it is asked for', () => {
    expect(render(llama)).toMatchObject({
      ok: false,
      failure: { code: 'template.time', where: expect.any(String) as string },
    })
    expect(render('{% if false %}{{ strftime_now("%Y") }}{% endif %}x')).toEqual({ ok: true, value: 'x' })
  })
})

describe('a refusal says what and where', () => {
  it.each<[string, string, string]>([
    ['template.unreadable', 'a\n{% for x in %}', 'line 2 of the chat template'],
    ['template.refused', 'a\n\n{{ raise_exception("no such role") }}', 'line 3 of the chat template'],
    ['template.refused', '{{ messages[0].content.missing.more }}', 'line 1 of the chat template'],
    ['value.prints-differently', '\n{{ 2.5 | round }}', 'line 2 of the chat template'],
    ['value.prints-differently', '{{ messages | map("string") }}', 'line 1 of the chat template'],
  ])('%s', (code, source, where) => {
    expect(render(source)).toMatchObject({ ok: false, failure: { code, where, remedy: expect.any(String) as string } })
  })

  it('half of a surrogate pair', () =>
    expect(render('x', { messages: [{ role: 'user', content: 'half \ud83d' }] })).toMatchObject({
      failure: { code: 'text.invalid' },
    }))
})

it.each([
  ['a loop without end', '{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}'],
  ['a macro that calls itself', '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}'],
  ['a long text', '{{ "x" * 999999999999 }}'],
  [
    'a text that doubles',
    '{% set n = namespace(t="x") %}{% for i in range(99) %}{% set n.t = n.t ~ n.t %}{% endfor %}{{ n.t | length }}',
  ],
  ['brackets within brackets', `{{ ${'['.repeat(100_000)} }}`],
])('a hostile template comes to an end: %s', { timeout: 60_000 }, (_name, source) => {
  expect(render(source).ok).toBe(false)
})

it('values of a conversation are no methods of JavaScript', () => {
  const calls: ChatMessage['tool_calls'] = [
    { id: 'c', type: 'function', function: { name: 'f', arguments: JSON.parse('{"__proto__": 1, "constructor": 2}') } },
  ]
  const source =
    '{{ messages[0].tool_calls[0].function.arguments }}{{ messages[0].constructor is defined }}{{ hasOwnProperty }}'
  expect(render(source, { messages: [{ ...say, tool_calls: calls }] })).toEqual({
    ok: true,
    value: "{'__proto__': 1, 'constructor': 2}False",
  })
})
