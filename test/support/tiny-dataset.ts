import path from 'node:path'
import type { Message, Trajectory } from '../../src/nouns/index.js'
import { trajectoryOf } from './trajectory.js'

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

/** Of several turns, with an answer that does not train, and with one that a limit cut short; the last in two stretches. */
export function tinyTrajectories(): readonly Trajectory[] {
  const cut = { call: { model: 'm', params: {}, stop: 'length' as const } }
  const compacted = trajectoryOf('long', [user('u1', 'Go.'), said('a1', 'Far.')])
  return [
    trajectoryOf('plain', [
      user('u1', 'How many?'),
      said('a1', 'Three.'),
      user('u2', 'Sure? ü 漢'),
      said('a2', 'Yes.'),
    ]),
    trajectoryOf('weighed', [
      user('u1', 'One?'),
      said('a1', 'Wrong.', { weight: 0 }),
      user('u2', 'No.'),
      said('a2', '1'),
    ]),
    trajectoryOf('short', [user('u1', 'Tell.'), said('a1', 'Once upon', cut)]),
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

const REASONS = { kind: 'full' as const }

/** A run of an agent with tools: two calls at once, reasoning that later turns do not show, an answer that does not train. */
export function toolTrajectory(): Trajectory {
  const call = { call: { model: 'm', params: {}, tools: 'offered' } }
  const called = {
    ...call,
    reasoning: { ...REASONS, text: 'List both.' },
    toolCalls: [
      { id: 'c1', name: 'shell', arguments: '{"command": "ls", "n": 1.0}' },
      { id: 'c2', name: 'shell', arguments: '{"command":"ls ü"}' },
    ],
  }
  const result = (id: string, toolCallId: string, content: string): Message => ({
    ...{ id, role: 'tool', origin: 'tool', content, toolCallId },
  })
  const parameters = {
    type: 'object',
    properties: { command: { type: 'string' }, n: { type: 'number' } },
    required: ['command'],
  }
  return trajectoryOf(
    'agent',
    [
      { id: 's', role: 'system', origin: 'agent', content: 'You help.' },
      user('u1', 'How many?'),
      said('a1', 'Let me look.', called),
      result('t1', 'c1', 'a b'),
      result('t2', 'c2', 'b'),
      said('a2', 'Two.', { ...call, reasoning: { ...REASONS, text: 'Easy.' } }),
      user('u2', 'Sure?'),
      said('a3', 'Hm.', { ...call, weight: 0 }),
      user('u3', 'No.'),
      said('a4', 'Two it is.', { ...call, reasoning: { ...REASONS, text: 'Back.' } }),
    ],
    { tools: { offered: [{ name: 'shell', description: 'Runs.', parameters }] } },
  )
}

/** ChatML with tools, and with reasoning since the last question alone; it says itself what the model emits. */
export const TOOL_TEMPLATE = `{%- set ns = namespace(last=-1) -%}
{%- for message in messages -%}{%- if message.role == 'user' -%}{%- set ns.last = loop.index0 -%}{%- endif -%}{%- endfor -%}
{%- if tools -%}{{- '<|im_start|>tools\n' -}}{{- tools | tojson -}}{{- '<|im_end|>\n' -}}{%- endif -%}
{%- for message in messages -%}
{{- '<|im_start|>' + message.role + '\n' -}}
{%- if message.role == 'assistant' -%}
{%- generation -%}
{%- if message.reasoning_content and loop.index0 > ns.last -%}
{{- '<think>' + message.reasoning_content + '</think>' -}}
{%- endif -%}
{{- message.content -}}
{%- for call in message.tool_calls or [] -%}{{- '<tool_call>' -}}{{- call.function | tojson -}}{{- '</tool_call>' -}}{%- endfor -%}
{{- '<|im_end|>' -}}
{%- endgeneration -%}
{{- '\n' -}}
{%- else -%}
{{- message.content + '<|im_end|>\n' -}}
{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\n' -}}{%- endif -%}`
