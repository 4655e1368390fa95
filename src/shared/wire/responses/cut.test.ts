import { describe, expect, it } from 'vitest'
import { responses } from './index.js'

const stream = (...events: readonly object[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
const read = (...events: readonly object[]) => responses.readResponse(stream(...events), 200)
const added = (output_index: number, item: object) => ({ type: 'response.output_item.added', output_index, item })
const delta = (event: string, delta: string, more: object = {}) => ({
  ...{ type: `response.${event}.delta`, output_index: 0, item_id: 'i', delta },
  ...more,
})

describe('of a stream that is cut stays', () => {
  it('what a refusal had said', () => {
    const said = read(
      added(0, { type: 'message', id: 'm', role: 'assistant', status: 'in_progress', content: [] }),
      {
        type: 'response.content_part.added',
        output_index: 0,
        content_index: 0,
        part: { type: 'refusal', refusal: '' },
      },
      delta('refusal', 'I can', { content_index: 0 }),
      delta('refusal', 'not', { content_index: 0 }),
    )
    expect(said).toMatchObject({ complete: false, message: { content: [{ type: 'refusal', refusal: 'I cannot' }] } })
  })

  it.each([
    ['code_interpreter_call_code', { type: 'code_interpreter_call', code: '' }, 'code'],
    ['mcp_call_arguments', { type: 'mcp_call', name: 'find', server_label: 's', arguments: '' }, 'arguments'],
  ])('what %s had told of a call that the service makes', (event, item, key) => {
    for (const begun of [[added(0, { id: 'i', ...item })], []])
      expect(read(...begun, delta(event, '{"a'), delta(event, '": 1')).message?.content).toMatchObject([
        { type: item.type, [key]: '{"a": 1' },
      ])
  })

  it('the diff of a patch, as the beginning of its operation', () => {
    const operation = { type: 'update_file', path: 'a.ts', diff: '' }
    const item = { type: 'apply_patch_call', id: 'i', call_id: 'c', status: 'in_progress', operation }
    const diff = 'apply_patch_call_operation_diff'
    expect(read(added(0, item), delta(diff, '@@\n-a'), delta(diff, '\n+"b"')).message?.toolCalls).toEqual([
      { id: 'c', name: 'apply_patch', arguments: '{"type":"update_file","path":"a.ts","diff":"@@\\n-a\\n+\\"b\\"' },
    ])
  })

  it('a text that came as a whole without pieces, and what is cited of it', () => {
    const item = { type: 'message', id: 'm', role: 'assistant', content: [] }
    const annotation = { type: 'url_citation', url: 'u' }
    const at = { output_index: 0, content_index: 0 }
    const said = read(
      added(0, item),
      { type: 'response.output_text.done', ...at, text: 'Hi.' },
      { type: 'response.output_text.annotation.added', ...at, annotation_index: 0, annotation },
      { type: 'response.function_call_arguments.done', output_index: 1, arguments: '{}' },
    )
    expect(said.message).toMatchObject({
      content: [{ type: 'text', text: 'Hi.', annotations: [annotation] }],
      toolCalls: [{ arguments: '{}' }],
    })
  })

  it('the last picture of one that was being made, and pieces of what is not known', () => {
    const picture = { type: 'response.image_generation_call.partial_image', output_index: 0 }
    const odd = delta('shell_call_command', 'ls', { output_index: 1 })
    const said = read({ ...picture, partial_image_b64: 'aaaa' }, { ...picture, partial_image_b64: 'bbbb' }, odd)
    expect(said.message?.content).toEqual([{ type: 'image_generation_call', partial_image_b64: 'bbbb' }])
    expect(said.extra).toEqual({ openai: { unknown: [odd] } })
  })
})

it('what a stream told in pieces alone is as the last event has it', () => {
  const item = { type: 'message', id: 'm', role: 'assistant', content: [{ type: 'output_text', text: 'Hi there.' }] }
  const said = read(delta('output_text', 'Hi', { content_index: 0 }), {
    type: 'response.completed',
    response: { id: 'r', output: [item] },
  })
  expect(said).toMatchObject({ complete: true, message: { content: 'Hi there.' } })
})

describe('a call of a tool that the service describes', () => {
  const action = '{ "type": "exec", "command": ["echo", "1.0"],\n "timeout_ms": 1.0 }'
  const items = [
    `{"type": "local_shell_call", "id": "l", "call_id": "a", "status": "completed", "action": ${action}}`,
    `{"action": ${action}, "type": "shell_call", "id": "s", "call_id": "b", "environment": {"type": "local"}}`,
    `{"type": "apply_patch_call", "id": "p", "call_id": "c", "operation": {"type": "delete_file", "path":  "a"} }`,
  ]
  const calls = [
    { id: 'a', name: 'local_shell', arguments: action },
    { id: 'b', name: 'shell', arguments: action },
    { id: 'c', name: 'apply_patch', arguments: '{"type": "delete_file", "path":  "a"}' },
  ]
  const whole = `{"id": "r", "status": "completed", "output": [${items.join(', ')}]}`

  it.each([
    ['a document', whole],
    ['the last event', `data: {"type": "response.completed", "response": ${whole.replaceAll('\n', '')}}\n\n`],
    [
      'each its event',
      items
        .map((item, at) => `data: {"output_index": ${at}, "item": ${item}, "type": "response.output_item.done"}\n\n`)
        .join('')
        .replaceAll(',\n', ',\ndata: '),
    ],
  ])('has its action to the letter, told in %s', (name, body) => {
    const letters = (text: string): string => (name === 'the last event' ? text.replaceAll('\n', '') : text)
    expect(responses.readResponse(body, 200).message?.toolCalls).toEqual(
      calls.map((call) => ({ ...call, arguments: letters(call.arguments) })),
    )
  })

  it('says nothing yet where its item is only begun, and is none where the service runs it', () => {
    const begun = { type: 'shell_call', id: 's', call_id: 'b', status: 'in_progress', action: { commands: [] } }
    const { message } = read(added(0, begun))
    expect(message?.toolCalls).toEqual([{ id: 'b', name: 'shell', arguments: '' }])
    expect(message?.extra).toMatchObject({ openai: { items: [{ action: { commands: [] } }] } })
    const hosted = { ...begun, environment: { type: 'container_reference', container_id: 'x' } }
    expect(read(added(0, hosted)).message).toMatchObject({ content: [hosted] })
  })
})
