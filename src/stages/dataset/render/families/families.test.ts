import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../../nouns/index.js'
import type { ChatMessage } from '../../conversation/index.js'
import { filesWith } from '../../testing/chat-templates.js'
import { at } from '../../testing/oracle.js'
import { asConversation, type Talk } from '../../testing/talks.js'
import { openRenderer, type Rendered, type Renderer } from '../index.js'
import { applyEdits } from './edits.js'

const NOW = new Date('2026-02-03T04:05:06Z')
const rendererOf = (template: string): Renderer =>
  unwrap(openRenderer(filesWith(readFileSync(at('templates', `${template}.jinja`), 'utf8'))))
const render = (template: string, messages: readonly ChatMessage[]): Rendered =>
  unwrap(rendererOf(template).render(asConversation({ name: '', messages, tools: null }, NOW)))
const emitted = (template: string, messages: readonly ChatMessage[]): readonly string[] => {
  const { text, spans } = render(template, messages)
  return spans.map(({ start, end }) => text.slice(start, end))
}

interface Recorded {
  readonly template: string
  readonly family: string
  readonly talk: Talk
  readonly text: string
  readonly spans: readonly (readonly [number, number])[]
}

const recorded = readFileSync(at('recorded', 'families.jsonl'), 'utf8').split('\n').slice(1, -1)

it.each(
  recorded.map((line) => JSON.parse(line) as Recorded).map((each) => [each.template, each.talk.name, each] as const),
)('%s, %s: text and spans are those that transformers recorded', (template, _name, { family, talk, text, spans }) => {
  const renderer = rendererOf(template)
  expect(renderer.family.family).toBe(family)
  const rendered = unwrap(renderer.render(asConversation(talk, NOW)))
  expect(rendered.text.slice(0, text.length)).toBe(text)
  const points = Array.from(text)
  const said = spans.map(([start, end]) => points.slice(start, end).join(''))
  const tag = rendered.text.slice(text.length)
  expect(rendered.spans.map(({ start, end }) => rendered.text.slice(start, end)).join('')).toBe(said.join('') + tag)
})

const user = (content: string): ChatMessage => ({ role: 'user', content })
const says = (content: string, reasoning_content?: string): ChatMessage =>
  reasoning_content === undefined ? { role: 'assistant', content } : { role: 'assistant', content, reasoning_content }
const calls = (content: string, given: unknown = { a: 1 }): ChatMessage => ({
  ...says(content),
  tool_calls: [{ id: 'abcdefgh1', type: 'function', function: { name: 'f', arguments: given } }],
})
const result: ChatMessage = { role: 'tool', content: 'out', tool_call_id: 'abcdefgh1' }

describe('what a model emits, from the end of its prompt through its stop token', () => {
  it.each<[string, readonly ChatMessage[], readonly string[]]>([
    ['qwen3', [user('q'), says('a', 'why')], ['<think>\nwhy\n</think>\n\na<|im_end|>']],
    [
      'qwen3',
      [user('q'), calls(''), result, says('a')],
      [
        '<tool_call>\n{"name": "f", "arguments": {"a": 1}}\n</tool_call><|im_end|>',
        '<think>\n\n</think>\n\na<|im_end|>',
      ],
    ],
    ['qwen3-instruct-2507', [user('q'), says('a', 'why')], ['a<|im_end|>']],
    [
      'qwen2.5',
      [user('q'), calls(''), result, calls('so')],
      [
        '<tool_call>\n{"name": "f", "arguments": {"a": 1}}\n</tool_call><|im_end|>',
        'so\n<tool_call>\n{"name": "f", "arguments": {"a": 1}}\n</tool_call><|im_end|>',
      ],
    ],
    ['deepseek-v3', [user('q'), says('a'), user('r'), says('b')], ['a<｜end▁of▁sentence｜>', 'b<｜end▁of▁sentence｜>']],
    [
      'deepseek-r1',
      [user('q'), calls('so', '{"a": 1}'), result, says('a')],
      [
        'so<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{"a": 1}\n```<｜tool▁call▁end｜>' +
          '<｜tool▁calls▁end｜><｜end▁of▁sentence｜>',
        'a<｜end▁of▁sentence｜>',
      ],
    ],
    [
      'gpt-oss',
      [user('q'), { ...calls(''), reasoning_content: 'why' }],
      [
        '<|channel|>analysis<|message|>why<|end|><|start|>assistant to=functions.f<|channel|>commentary json<|message|>{"a": 1}<|call|>',
      ],
    ],
    [
      // In history the template drops analysis, and prints a token that the model did not emit at the end.
      'gpt-oss',
      [user('q'), says('a', 'why'), user('r'), says('b', 'so')],
      [
        '<|channel|>final<|message|>a',
        '<|channel|>analysis<|message|>so<|end|><|start|>assistant<|channel|>final<|message|>b<|return|>',
      ],
    ],
    [
      'glm-4.5',
      [user('q'), calls('', { a: 1 }), result, says('a', 'why')],
      [
        '\n<think></think>\n<tool_call>f\n<arg_key>a</arg_key>\n<arg_value>1</arg_value>\n</tool_call><|observation|>',
        '\n<think>why</think>\na<|user|>',
      ],
    ],
    [
      // A tag that the model would not have emitted is no stop of its own.
      'glm-4.5',
      [user('q'), calls(''), user('stop'), says('a'), { role: 'system', content: 's' }],
      [
        '\n<think></think>\n<tool_call>f\n<arg_key>a</arg_key>\n<arg_value>1</arg_value>\n</tool_call>',
        '\n<think></think>\na',
      ],
    ],
    [
      'mistral-nemo',
      [user('q'), calls(''), result, says('a')],
      ['[TOOL_CALLS][{"name": "f", "arguments": {"a": 1}, "id": "abcdefgh1"}]</s>', 'a</s>'],
    ],
    ['mistral-v3', [user('q'), says('a')], [' a</s>']],
  ])('%s', (template, messages, expected) => expect(emitted(template, messages)).toEqual(expected))

  it('messages begin where the template says so', () => {
    const { text, messageStarts } = render('qwen3', [{ role: 'system', content: 's' }, user('q'), says('a')])
    expect(messageStarts.map((start) => text.slice(start, start + 16))).toEqual([
      '<|im_start|>syst',
      '<|im_start|>user',
      '<|im_start|>assi',
    ])
  })

  it('a template that prints the date is refused where none is known', () => {
    const talk: Talk = { name: '', messages: [user('q'), says('a')], tools: null }
    const rendered = rendererOf('gpt-oss').render({ ...asConversation(talk, NOW), now: null })
    expect(rendered).toMatchObject({ ok: false, failure: { code: 'template.time' } })
  })
})

it('a minor version of a template whose anchors are there is covered too', () => {
  const glm45 = readFileSync(at('templates', 'glm-4.5.jinja'), 'utf8')
  const glm46 = glm45.replace('set _args = tc.arguments %}', 'set _args = tc.arguments or {} %}')
  expect(glm46).not.toBe(glm45)
  expect(unwrap(openRenderer(filesWith(glm46))).family.family).toBe('glm-4.5')
})

describe('a template that only looks like a known one', () => {
  const qwen3 = readFileSync(at('templates', 'qwen3.jinja'), 'utf8')
  it.each([
    [
      'prints the role otherwise',
      qwen3.replaceAll("'<|im_start|>' + message.role", "'<|im_start|>' + message.role|upper"),
    ],
    [
      'has an anchor less',
      qwen3.replace('{%- if loop.index0 > ns.last_query_index %}', '{%- if loop.index0>ns.last_query_index %}'),
    ],
    [
      'prints an answer twice',
      qwen3.replace(
        '{{- \'<|im_end|>\\n\' }}\n    {%- elif message.role == "tool"',
        '{{- \'<|im_end|>\\n\' + content }}\n    {%- elif message.role == "tool"',
      ),
    ],
  ])('%s', (_what, template) => {
    expect(template).not.toBe(qwen3)
    const opened = openRenderer(filesWith(template))
    expect(opened.ok ? opened.value.family.family : 'refused').not.toBe('qwen3')
  })

  it('edits are found one after another', () => {
    const edits = [
      { find: 'b', put: 'B' },
      { find: 'a', put: 'A' },
    ]
    expect(applyEdits('aba', edits)).toBe('aBA')
    expect(applyEdits('ab', edits)).toBeNull()
  })
})
