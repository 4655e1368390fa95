import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { ExactJson } from '../conversation/index.js'
import { openDatasetModel } from '../model.js'
import { at, conversations, labelsOf, recorded, tinyModel } from '../testing/oracle.js'
import { readExactValues } from './exact-values.js'
import { readChats, renderChat } from './index.js'

const NOW = new Date('2026-11-22T00:00:00Z')

async function render(text: string, template?: string) {
  const model = unwrap(await openDatasetModel(template === undefined ? at('tiny') : await tinyModel({ template })))
  const [chat] = unwrap(readChats(text, 'chat.json', NOW))
  return unwrap(await renderChat(model, chat!))
}

/** A template that prints everything it is given, as transformers would. */
const PRINTING = `{% for m in messages %}<|im_start|>{{ m.role }}
{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% for c in m.tool_calls or [] %}{{ c.function.name }}({{ c.function.arguments | tojson }}){% endfor %}<|im_end|>{% endgeneration %}{% else %}{{ m.content }}{{ m.name or '' }}<|im_end|>{% endif %}
{% endfor %}{{ tools | tojson }}`

describe('a file of chat messages', () => {
  it('is rendered as transformers renders it: recorded texts, ids and labels', async () => {
    const model = unwrap(await openDatasetModel(at('tiny')))
    const lines = conversations().map(({ messages }) => JSON.stringify({ messages }))
    const expected = recorded('tiny')
    for (const [index, chat] of unwrap(readChats(lines.join('\n'), 'chats.jsonl', NOW)).entries()) {
      const [sample, ...more] = unwrap(await renderChat(model, chat))
      expect(more).toEqual([])
      expect(sample?.text).toBe(expected[index]?.text)
      expect(sample?.input_ids).toEqual(expected[index]?.ids)
      expect(sample?.labels).toEqual(labelsOf(expected[index]!))
      expect(chat.where).toBe(`chats.jsonl:${index + 1}`)
    }
  })

  it('keeps numbers and keys of tools and arguments as Python prints them', async () => {
    const [sample] = await render(
      `{"messages": [{"role": "user", "content": "go", "name": "ann"},
        {"role": "assistant", "content": null, "tool_calls": [
          {"id": "a", "type": "function", "function": {"name": "f", "arguments": {"x": 1.0, "2": 1e3, "1": -0}}},
          {"id": "b", "type": "function", "function": {"name": "g", "arguments": "{\\"x\\": 1.50}"}}]}],
       "tools": [{"type": "function", "function": {"name": "f", "parameters": {"maximum": 12345678901234567890, "b": 2.0}}}]}`,
      PRINTING,
    )
    expect(sample?.text).toContain('f({"x": 1.0, "2": 1000.0, "1": 0})g({"x": 1.5})')
    expect(sample?.text).toContain('[{"type": "function", "function": {"name": "f",')
    expect(sample?.text).toContain('"parameters": {"maximum": 12345678901234567890, "b": 2.0}')
    expect(sample?.text).toContain('goann')
  })

  it('does not train a message of weight 0, and renders one in which nothing trains', async () => {
    const messages = (weight: string) =>
      `{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"${weight}}]}`
    const trained = async (weight: string) => (await render(messages(weight)))[0]!.labels.filter((each) => each >= 0)
    expect((await trained('')).length).toBeGreaterThan(0)
    expect(await trained(', "weight": 1.0')).toEqual(await trained(''))
    expect(await trained(', "weight": 0.0')).toEqual([])
    expect(await trained(', "weight": 0')).toEqual([])
    const [sample] = await render('{"messages": [{"role": "user", "content": "a"}]}')
    expect(sample?.labels.every((label) => label === -100)).toBe(true)
  })

  it.each([
    ['not json', 'chat.json:1'],
    ['[]', 'chat.json'],
    ['{"messages": []}', 'chat.json'],
    ['[{"messages": [{"role": "user"}]}, 3]', 'chat.json, element 2'],
    ['{"messages": [{"role": "narrator", "content": "x"}]}', 'chat.json'],
    ['{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}', 'chat.json, messages[0]'],
    ['{"messages": [{"role": "assistant", "function_call": {"name": "f"}}]}', 'chat.json, messages[0]'],
    ['{"messages": [{"role": "user", "content": "a"}]}\n{oops', 'chat.json:2'],
  ])('is refused with its place: %s', (text, where) => {
    expect(readChats(text, 'chat.json', NOW)).toMatchObject({ ok: false, failure: { kind: 'input', where } })
  })
})

it('a part of any JSON is the value itself, or the text of an equal one with every number as it was written', () => {
  const number = fc.constantFrom('1.0', '-0', '1e3', '2.50', '12345678901234567890', '7', '-3', '0.1')
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      number,
      fc.string().map((text) => JSON.stringify(text)),
      fc.constantFrom('"1.0"', '"2"', '"-5"', 'null', 'true'),
      fc.array(tie('tree'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
      fc
        .uniqueArray(fc.tuple(fc.oneof(fc.constantFrom('1', '2', '10', 'a'), fc.string()), tie('tree')), {
          maxLength: 4,
          selector: ([key]) => key,
        })
        .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
    ),
  }))
  fc.assert(
    fc.property(tree, (text) => {
      const values = readExactValues(text)
      const exact = values.exact(values.json)
      const normal = (each: string) => JSON.stringify(JSON.parse(each))
      if (exact instanceof ExactJson) {
        expect(exact.text.length).toBeLessThanOrEqual(text.length)
        expect(normal(exact.text)).toBe(normal(text))
        const literals = (each: string) => each.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g)
        expect(literals(exact.text)).toEqual(literals(text))
      } else expect(JSON.stringify(exact)).toBe(normal(text))
    }),
    { numRuns: 500 },
  )
})
