import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deepseek } from './deepseek.js'
import type { AnswerFormat } from './format.js'
import { glm45 } from './glm45.js'
import { harmony } from './harmony.js'
import { hermes } from './hermes.js'
import { llama3 } from './llama3.js'
import { mistral } from './mistral.js'
import { plain } from './plain.js'
import { qwen3Coder } from './qwen3-coder.js'
import { asking, call, cutAt, cuts, read } from './testing/reading.js'

const FORMATS: readonly AnswerFormat[] = [hermes, glm45, qwen3Coder, deepseek, mistral, llama3, harmony, plain]

/** What answers are made of, right and wrong. */
const SCRAPS = [
  ...[
    '<think>',
    '</think>',
    '<tool_call>',
    '</tool_call>',
    '\n',
    '\n\n',
    ' ',
    'so',
    'é😀',
    '<',
    '</',
    '"',
    '\\"',
    '{',
    '}',
    ';',
  ],
  ...['{"name": "f", "arguments": {"a": 1}}', '"arguments": "</tool_call>"', '{"name": "g", "parameters": {"b": "}"}}'],
  ...['f\n', '<arg_key>', 'k', '</arg_key>', '<arg_value>', '</arg_value>', '<|python_tag|>', 'f.call(a="b")'],
  ...['<|start|>', 'assistant', '<|channel|>', 'analysis', 'final', 'commentary', ' to=functions.f', '<|message|>'],
  ...['<|end|>', '<|call|>', '<|return|>', '<|constrain|>json'],
  ...[
    '<function=f>',
    '<parameter=k>',
    '</parameter>',
    '</function>',
    '[TOOL_CALLS]',
    '[',
    ']',
    ',',
    'f[ARGS]{}',
    '[ARGS]',
  ],
  ...[
    '[{"name": "f", "arguments": {"a": "]"}, "id": "abcdefghi"}]',
    '{"a": "<｜tool▁call▁end｜>"}',
    '```json\n',
    '\n```',
  ],
  ...['<｜tool▁calls▁begin｜>', '<｜tool▁call▁begin｜>', 'function<｜tool▁sep｜>f\n', 'f<｜tool▁sep｜>', '{"a": 1}'],
  ...['<｜tool▁call▁end｜>', '<｜tool▁calls▁end｜>'],
]
const answer = fc.array(fc.constantFrom(...SCRAPS), { maxLength: 24 }).map((scraps) => scraps.join(''))

describe.each(FORMATS.map((format) => [format.name, format] as const))('%s', (_, format) => {
  test('reads the same whatever chunks the text comes in', () => {
    fc.assert(
      fc.property(answer, cuts, fc.boolean(), fc.constantFrom('stop', 'length'), (text, at, inside, reason) => {
        const request = { ...asking('f', 'g'), startsInReasoning: inside }
        expect(read(format, cutAt(text, at), request, reason)).toEqual(read(format, [text], request, reason))
        expect(read(format, text.split(/(?:)/u), request, reason)).toEqual(read(format, [text], request, reason))
      }),
      { numRuns: 1500 },
    )
  })

  test('leaves plain text as it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !/^\s*\{|[<]/.test(text)),
        cuts,
        (text, at) => {
          const { content, calls } = read(format, cutAt(text, at), asking('f'))
          expect([content, calls]).toEqual([format === harmony && text.trim() === '' ? '' : text, []])
        },
      ),
    )
  })

  test('without tools nothing is a call', () => {
    fc.assert(
      fc.property(answer, (text) => {
        expect(read(format, [text], asking()).calls).toEqual([])
      }),
    )
  })
})

describe('hermes', () => {
  test('keeps arguments as the model wrote them', () => {
    const written = '{ "n" : 12345678901234567890, "s":"a\\u00e9 </tool_call> b" , "x": 1.0}'
    const said = `<think>\nhm\n</think>\n\nLet me see.\n<tool_call>\n{"name": "f", "arguments": ${written}}\n</tool_call>`
    expect(read(hermes, [`${said}\n<tool_call>{"arguments": {}, "name": "g"}</tool_call>\n`])).toEqual({
      reasoning: 'hm',
      content: 'Let me see.',
      calls: [call('f', written), call('g', '{}')],
      warnings: [],
    })
  })

  test('takes arguments out of a string, and a call whose closing tag is missing', () => {
    const said =
      '<tool_call>{"name": "f", "arguments": "{\\"a\\": 1}"}</tool_call><tool_call>{"name":"g","arguments":{}}'
    expect(read(hermes, [said]).calls).toEqual([call('f', '{"a": 1}'), call('g', '{}')])
  })

  test.each([
    ['<tool_call>{"name": "f"}</tool_call>', 'stop', /cannot be read/],
    ['<tool_call>{"name": "f", "arguments": {"a": "b', 'length', /cut off/],
    ['<tool_call>f(1)', 'stop', /not closed/],
  ] as const)('leaves %s in the content, with a warning', (said, reason, why) => {
    const { content, calls, warnings } = read(hermes, [said], asking('f'), reason)
    expect([content, calls, warnings.length, warnings[0]]).toEqual([said, [], 1, expect.stringMatching(why)])
  })

  test('a broken call does not hide the next', () => {
    const broken = '<tool_call>{"name": "f", "arguments": {"a": "b</tool_call>'
    const { content, calls } = read(hermes, [`${broken}\n<tool_call>{"name": "g", "arguments": {}}</tool_call>`])
    expect([content, calls]).toEqual([broken, [call('g', '{}')]])
  })

  test('reasoning that the prompt opened, and tags that the model talks about', () => {
    const request = { ...asking('f'), startsInReasoning: true }
    expect(read(hermes, ['hm\n</think>\n\nUse <think> here'], request)).toMatchObject({
      reasoning: 'hm',
      content: 'Use <think> here',
    })
  })
})

describe('glm-4.5', () => {
  test('gives values the type that the tool’s schema says', () => {
    const parameters = { type: 'object', properties: { text: { type: 'string' }, count: { type: 'integer' } } }
    const pair = (key: string, value: string) => `<arg_key>${key}</arg_key>\n<arg_value>${value}</arg_value>\n`
    const said = `\n<think></think>\n<tool_call>f\n${pair('text', '5')}${pair('count', '5')}${pair('other', '[1, "x"]')}</tool_call>`
    expect(read(glm45, [said], { tools: [{ name: 'f', parameters }], startsInReasoning: false })).toEqual({
      reasoning: '',
      content: '',
      calls: [call('f', '{"text": "5", "count": 5, "other": [1, "x"]}')],
      warnings: [],
    })
  })

  test('a value may have the closing tag in it', () => {
    const said = '<tool_call>f\n<arg_key>a</arg_key>\n<arg_value>echo "</tool_call>"</arg_value>\n</tool_call>'
    expect(read(glm45, [said]).calls).toEqual([call('f', '{"a": "echo \\"</tool_call>\\""}')])
  })
})

describe('llama-3', () => {
  test.each([
    ['{"name": "f", "parameters": {"a": 1.0}}', [call('f', '{"a": 1.0}')]],
    [
      '<|python_tag|>{"name": "f", "parameters": {}}; {"name": "g", "parameters": {}}',
      [call('f', '{}'), call('g', '{}')],
    ],
    ['<|python_tag|>search.call(query="a, b", n="1")', [call('search', '{"query": "a, b", "n": "1"}')]],
  ])('%s is calls', (said, calls) => {
    expect(read(llama3, [said])).toEqual({ content: '', reasoning: '', calls, warnings: [] })
  })

  test('JSON without a name is an answer; half a call is content with a warning', () => {
    expect(read(llama3, ['{"answer": 4}'])).toMatchObject({ content: '{"answer": 4}', calls: [], warnings: [] })
    const half = '{"name": "f", "parameters": {"a"'
    expect(read(llama3, [half])).toMatchObject({ content: half, calls: [], warnings: [expect.any(String)] })
  })
})

describe('harmony', () => {
  test('tells analysis, preamble, call and answer apart', () => {
    const said =
      '<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>commentary<|message|>First.<|end|>' +
      '<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{ "a":1 }'
    expect(read(harmony, [said])).toEqual({
      reasoning: 'hm',
      content: 'First.',
      calls: [call('f', '{ "a":1 }')],
      warnings: [],
    })
    expect(read(harmony, [said], asking('f'), 'length')).toMatchObject({ calls: [], warnings: [expect.any(String)] })
  })

  test.each(['plain words', '<|channel|>commentary to=python<|message|>1+1', '<|start|>user<|message|>hi'])(
    '%s stands in the content with a warning',
    (said) => expect(read(harmony, [said])).toMatchObject({ content: said, calls: [], warnings: [expect.any(String)] }),
  )
})
