import fc from 'fast-check'
import { framed, jsonOf, pieces } from '../cuts.js'

type Block = readonly [start: object, deltas: readonly object[]]

const text: fc.Arbitrary<Block> = fc
  .tuple(pieces, fc.boolean())
  .map(([said, isCited]) => [
    { type: 'text', text: '' },
    [
      ...said.map((one) => ({ type: 'text_delta', text: one })),
      ...(isCited ? [{ type: 'citations_delta', citation: { type: 'char_location', cited_text: 'x' } }] : []),
    ],
  ])

const thinking: fc.Arbitrary<Block> = pieces.map((said) => [
  { type: 'thinking', thinking: '', signature: '' },
  [...said.map((one) => ({ type: 'thinking_delta', thinking: one })), { type: 'signature_delta', signature: 'Eq=' }],
])

/** What a call says comes in pieces of a JSON object. */
const call: fc.Arbitrary<Block> = fc
  .record({
    type: fc.constantFrom('tool_use', 'server_tool_use'),
    input: fc.dictionary(fc.string({ maxLength: 3 }), fc.oneof(fc.string({ maxLength: 6 }), fc.integer()), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    size: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ type, input, size }) => {
    const said = JSON.stringify(input)
    const cuts = Array.from({ length: Math.ceil(said.length / size) }, (_, at) =>
      said.slice(at * size, at * size + size),
    )
    const deltas = ['', ...cuts].map((partial_json) => ({ type: 'input_json_delta', partial_json }))
    return [{ type, id: 'toolu_1', name: 'ls', input: {} }, deltas]
  })

const whole: fc.Arbitrary<Block> = fc
  .constantFrom(
    { type: 'redacted_thinking', data: 'xyz' },
    { type: 'web_search_tool_result', tool_use_id: 'toolu_1', content: [{ type: 'web_search_result', url: 'u' }] },
    { type: 'text', text: 'At once.' },
  )
  .map((block) => [block, []])

export const messagesStream: fc.Arbitrary<string> = framed(
  fc
    .record({
      blocks: fc.array(fc.oneof(text, thinking, call, call, whole), { maxLength: 5 }),
      end: fc.constantFrom('stop', 'stop', 'error', 'none'),
      gap: fc.constantFrom(0, 1),
    })
    .map(({ blocks, end, gap }) => {
      const head = { id: 'msg', type: 'message', role: 'assistant', model: 'claude-x', content: [] }
      const usage = { input_tokens: 5, output_tokens: 1 }
      const events = blocks.flatMap(([content_block, deltas], index) => [
        { type: 'content_block_start', index, content_block },
        ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
        { type: 'ping' },
        { type: 'content_block_stop', index },
      ])
      const last = {
        stop: [
          { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
          { type: 'message_stop' },
        ],
        error: [{ type: 'error', error: { type: 'overloaded_error', message: 'Busy' } }],
        none: [],
      }[end]
      return jsonOf([{ type: 'message_start', message: { ...head, usage } }, ...events, ...last], gap)
    }),
)
