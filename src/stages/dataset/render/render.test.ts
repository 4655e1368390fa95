import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import type { ModelFiles } from '../model-files.js'
import { at, conversationOf, type Turn } from '../testing/oracle.js'
import { openRenderer } from './index.js'
import { cutMarks, freshMarks, withMarks } from './marks.js'

const smollm2 = readFileSync(at('tiny', 'chat_template.jinja'), 'utf8')
const turns: Turn[] = [
  { role: 'user', content: 'hi' },
  { role: 'assistant', content: 'hello' },
]

const filesWith = (template: string, toolUse?: string): ModelFiles => ({
  folder: 'here',
  tokenizerJson: '',
  tokenizerConfig: {},
  addedTokens: [],
  specialTokens: { eos_token: '</s>' },
  templates: { default: template, tool_use: toolUse },
  tokenizerDigest: '',
  templateDigest: '',
})

const spansOf = (template: string, said: Turn[] = turns): string[] => {
  const { text, spans } = unwrap(unwrap(openRenderer(filesWith(template))).render(conversationOf(said)))
  return spans.map(({ start, end }) => text.slice(start, end))
}

describe('a family is known by what its template prints', () => {
  it.each([
    ['SmolLM2', smollm2],
    [
      'plain ChatML, written otherwise',
      "{%- for m in messages -%}<|im_start|>{{ m.role }}{{ '\\n' }}{{ m.content }}<|im_end|>{{ '\\n' }}{%- endfor -%}{%- if add_generation_prompt -%}<|im_start|>assistant{{ '\\n' }}{%- endif -%}",
    ],
    [
      'ChatML with a default system prompt in quotes',
      `{% for m in messages %}{% if loop.first and m.role != 'system' %}{{ "<|im_start|>system\\nYou're \\\\ here.<|im_end|>\\n" }}{% endif %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}`,
    ],
    [
      'ChatML that trims',
      "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content | trim + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
    ],
  ])('%s', (_name, template) => {
    expect(spansOf(template)).toEqual(['hello<|im_end|>'])
    expect(openRenderer(filesWith(template))).toMatchObject({ ok: true, value: { family: { stops: ['<|im_end|>'] } } })
  })

  it.each([
    [
      'a template that drops old answers',
      "{% for m in messages %}{% if m.role != 'assistant' or loop.last %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endif %}{% endfor %}",
    ],
    ['another family', '{{ bos_token }}{% for m in messages %}[INST] {{ m.content }} [/INST]{% endfor %}'],
    [
      'ChatML without the last line end',
      "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>' }}{% if not loop.last %}{{ '\\n' }}{% endif %}{% endfor %}",
    ],
  ])('%s is not taken for it', (_name, template) => {
    const opened = openRenderer(filesWith(template))
    expect(opened.ok ? opened.value.family.family : 'refused').not.toMatch(/^chatml/)
  })
})

describe('markers of its own', () => {
  it('are obeyed', () => {
    const template =
      "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{{ eos_token }}{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}"
    expect(spansOf(template)).toEqual(['hello</s>'])
  })

  it('twice in one message, or in none, belong to whom the loop is at', () => {
    const template =
      "{% set rest = messages[1:] %}{% for m in rest -%} {% if m.role == 'assistant' and m.content %}A: {% generation %}{{ m.content }}{% endgeneration %} | {% generation %}{{ eos_token }}{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}"
    const said: Turn[] = [{ role: 'system', content: 's' }, ...turns, { role: 'assistant', content: '' }, ...turns]
    const { text, spans, messageStarts } = unwrap(
      unwrap(openRenderer(filesWith(template))).render(conversationOf(said)),
    )
    expect(text).toBe('hiA: hello | </s>hiA: hello | </s>')
    expect(spans.map(({ message, start, end }) => [message, text.slice(start, end)])).toEqual([
      ['m2', 'hello'],
      ['m2', '</s>'],
      ['m5', 'hello'],
      ['m5', '</s>'],
    ])
    expect(messageStarts).toEqual([0, 0, 2, 17, 17, 19])
  })

  it('that cannot be told apart are refused', () => {
    const template = '{% generation %}{% for m in messages %}{{ m.content }}{% endfor %}{% endgeneration %}'
    const said: Turn[] = [...turns, ...turns]
    expect(unwrap(openRenderer(filesWith(template))).render(conversationOf(said))).toMatchObject({
      ok: false,
      failure: { code: 'template.spans' },
    })
  })

  it('a template that refuses a conversation is a failure', () => {
    const template = "{{ raise_exception('no such role') }}{% generation %}{% endgeneration %}"
    expect(unwrap(openRenderer(filesWith(template))).render(conversationOf(turns))).toMatchObject({
      ok: false,
      failure: { code: 'template.refused', message: expect.stringContaining('no such role') },
    })
  })
})

it('marks come out again, wherever they stood', () => {
  const marks = freshMarks()
  const { limi_open: open, limi_close: close, limi_message: message } = marks.variables
  const cut = cutMarks(`${message}a${open}😀${close}${message}${open}${close}b`, marks)
  expect(cut).toEqual({
    text: 'a😀b',
    blocks: [
      { start: 1, end: 3, message: 0 },
      { start: 3, end: 3, message: 1 },
    ],
    messageStarts: [0, 3],
  })
  expect(cutMarks(`a${open}b`, marks)).toBeNull()
  expect(cutMarks(`a${close}b`, marks)).toBeNull()
  expect(withMarks('x {%- generation -%} y')).toBe('x {%- if true %}{{ limi_open }}{% endif -%} y')
})
