import { describe, expect, test } from 'vitest'
import { mistral } from './mistral.js'
import { asking, call, read } from './testing/reading.js'

describe('mistral', () => {
  // What vLLM's tests of its parser expect of the same answers.
  test.each([
    ['[TOOL_CALLS][{"name": "f", "arguments":{"a": 3.5, "b": 4}}]', '', [call('f', '{"a": 3.5, "b": 4}')]],
    ['[TOOL_CALLS] [{"arguments":{"name": "Jo"}, "name": "g"}]', '', [call('g', '{"name": "Jo"}')]],
    [
      'Hello[TOOL_CALLS] [{"name": "f", "arguments": {}}, {"name": "g", "arguments": {"a": "]"}}]',
      'Hello',
      [call('f', '{}'), call('g', '{"a": "]"}')],
    ],
    [
      '[TOOL_CALLS]add{"a": 3.5}[TOOL_CALLS]multiply{"a": 3}',
      '',
      [call('add', '{"a": 3.5}'), call('multiply', '{"a": 3}')],
    ],
    ['[TOOL_CALLS]add[CALL_ID]abcdefghi[ARGS]{"a": "[TOOL_CALLS]"}', '', [call('add', '{"a": "[TOOL_CALLS]"}')]],
  ])('%s is calls', (said, content, calls) => {
    expect(read(mistral, [said])).toEqual({ content, reasoning: '', calls, warnings: [] })
  })

  test('what follows the calls is content; what is none stays there, with a warning', () => {
    const said = '[TOOL_CALLS] [{"name": "f", "arguments": {}}]\nmore'
    expect(read(mistral, [said])).toMatchObject({ content: '\nmore', calls: [call('f', '{}')], warnings: [] })
    for (const odd of ['[TOOL_CALLS] not JSON', '[TOOL_CALLS] [{"name": "f"}]', '[TOOL_CALLS] []', '[TOOL_CALLS]'])
      expect(read(mistral, [odd])).toMatchObject({ content: odd, calls: [], warnings: [expect.stringMatching(/read/)] })
    const cut = '[TOOL_CALLS] [{"name": "f", "arguments": {"a'
    expect(read(mistral, [cut], asking('f'), 'length').warnings).toEqual([expect.stringMatching(/cut off/)])
  })

  test('ids are nine letters and digits, as its templates ask: the model’s own, or made up', () => {
    const idOf = (id: string) => {
      const reader = mistral.open(asking('f'))
      reader.feed(`[TOOL_CALLS] [{"name": "f", "arguments": {}, "id": ${JSON.stringify(id)}}]`)
      return reader.end('stop').flatMap((piece) => (piece.type === 'toolCall' ? [piece.id] : []))
    }
    expect(idOf('VvvODy9mT')).toEqual(['VvvODy9mT'])
    expect(idOf('call_1')).toEqual([expect.stringMatching(/^[a-z0-9]{9}$/)])
  })
})
