import { describe, expect, test } from 'vitest'
import { qwen3Coder } from './qwen3-coder.js'
import { asking, call, read } from './testing/reading.js'

const types = { text: { type: 'string' }, maybe: { anyOf: [{ type: 'string' }, { type: 'null' }] } }
const schema = {
  type: 'object',
  properties: { ...types, flag: { type: 'boolean' }, none: { type: ['integer', 'null'] } },
}
const typed = { tools: [{ name: 'f', parameters: schema }], startsInReasoning: false }

describe('qwen3-coder', () => {
  const parameter = (key: string, value: string) => `<parameter=${key}>\n${value}\n</parameter>\n`

  test('gives values the type that the tool’s schema says, Python’s words too', () => {
    const given = parameter('text', 'None') + parameter('flag', 'True') + parameter('none', 'None')
    const said = `I look.\n\n<tool_call>\n<function=f>\n${given}</function>\n</tool_call>\n<tool_call><function=f></function></tool_call>`
    expect(read(qwen3Coder, [said], typed)).toEqual({
      ...{ reasoning: '', content: 'I look.', warnings: [] },
      calls: [call('f', '{"text": "None", "flag": true, "none": null}'), call('f', '{}')],
    })
    const more =
      parameter('maybe', '5') + parameter('maybe', 'null') + parameter('unknown', '5') + parameter('text', '5')
    expect(read(qwen3Coder, [`<tool_call><function=f>${more}</function></tool_call>`], typed).calls).toEqual([
      call('f', '{"maybe": "5", "maybe": null, "unknown": 5, "text": "5"}'),
    ])
  })

  test('a value may have lines and tags in it', () => {
    const value = '\n</parameter> x\n<b>\n</tool_call>\n</function>\n<parameter=x>\n'
    const said = `<tool_call>\n<function=f>\n${parameter('a', value)}</function>\n</tool_call>`
    expect(read(qwen3Coder, [said]).calls).toEqual([call('f', JSON.stringify({ a: value }).replace(':', ': '))])
  })

  test('a broken call does not hide the next', () => {
    const broken = `<tool_call>\n<function=f>\n${parameter('a', '1')}</tool_call>`
    const { content, calls } = read(qwen3Coder, [`${broken}\n<tool_call><function=f></function></tool_call>`])
    expect([content, calls]).toEqual([broken, [call('f', '{}')]])
  })

  test.each([
    ['<tool_call>\n<function=f>\n<parameter=a>\n1', 'length', /cut off/],
    ['<tool_call>\n<function=f>\n<parameter=a>\n1\n</parameter>\n</tool_call>', 'stop', /cannot be read/],
    ['<tool_call>\n<function=f>\nwords\n</function>\n</tool_call>', 'stop', /cannot be read/],
  ] as const)('%j stays in the content', (said, reason, why) => {
    const { content, calls, warnings } = read(qwen3Coder, [said], asking('f'), reason)
    expect([content, calls, warnings]).toEqual([said, [], [expect.stringMatching(why)]])
  })
})
