/**
 * What the API sent, retold with other words: the order, the fields and their kinds are those of the streams that
 * anthropics/anthropic-sdk-python (tests/lib/streaming/fixtures) and vercel/ai (packages/anthropic/src/__fixtures__) keep.
 */
const start = (id: string, model: string, input: number) => ({
  type: 'message_start',
  message: {
    ...{ model, id, type: 'message', role: 'assistant', content: [], stop_reason: null, stop_sequence: null },
    usage: { input_tokens: input, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 },
  },
})
const open = (index: number, block: object) => ({ type: 'content_block_start', index, content_block: block })
const delta = (index: number, one: object) => ({ type: 'content_block_delta', index, delta: one })
const close = (index: number) => ({ type: 'content_block_stop', index })
const text = (index: number, ...pieces: readonly string[]) => [
  open(index, { type: 'text', text: '' }),
  ...pieces.map((piece) => delta(index, { type: 'text_delta', text: piece })),
  close(index),
]
const thinking = (index: number, signature: string, ...pieces: readonly string[]) => [
  open(index, { type: 'thinking', thinking: '', signature: '' }),
  ...pieces.map((piece) => delta(index, { type: 'thinking_delta', thinking: piece })),
  delta(index, { type: 'signature_delta', signature }),
  close(index),
]
const json = (index: number, block: object, ...pieces: readonly string[]) => [
  open(index, block),
  ...pieces.map((piece) => delta(index, { type: 'input_json_delta', partial_json: piece })),
  close(index),
]
const end = (reason: string, usage: object) => [
  { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage },
  { type: 'message_stop' },
]
const PING = { type: 'ping' }

const call = { type: 'tool_use', id: 'toolu_1', name: 'get_weather', caller: { type: 'direct' }, input: {} }
const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }
const found = { type: 'web_search_result', title: 'T', url: 'https://example.com', encrypted_content: 'E' }
const cited = { type: 'web_search_result_location', cited_text: 'so', url: 'https://example.com', encrypted_index: 'I' }
const taken = { type: 'fallback', from: { model: 'claude-a' }, to: { model: 'claude-b' } }

export const RECORDED = {
  toolUse: [
    start('msg_tool', 'claude-sonnet-4-20250514', 377),
    ...[...text(0, 'I', "'ll check the weather."), PING],
    ...json(1, call, '', '{"locati', 'on": "P', 'ar', 'is"}'),
    ...end('tool_use', { output_tokens: 65 }),
  ],
  noArguments: [
    start('msg_none', 'claude-sonnet-4-5-20250929', 565),
    ...json(0, { type: 'tool_use', id: 'toolu_2', name: 'update_list', input: {} }, ''),
    ...end('tool_use', { input_tokens: 565, output_tokens: 48 }),
  ],
  summary: [
    start('msg_think', 'claude-sonnet-5', 47),
    ...thinking(0, 'EsEC', 'I', "'m working it out."),
    ...text(1, 'It is', ' 21.'),
    ...end('end_turn', { input_tokens: 47, output_tokens: 373, output_tokens_details: { thinking_tokens: 62 } }),
  ],
  omitted: [
    start('msg_omit', 'claude-opus-4-7', 9),
    ...thinking(0, 'EpAC'),
    ...text(1, 'Yes.'),
    ...end('end_turn', { output_tokens: 30 }),
  ],
  search: [
    start('msg_search', 'claude-opus-4-20250514', 9),
    ...json(0, search, '', '{"query": "li', 'mi"}'),
    ...[open(1, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [found] }), close(1)],
    open(2, { citations: [], type: 'text', text: '' }),
    delta(2, { type: 'citations_delta', citation: cited }),
    delta(2, { type: 'text_delta', text: 'It is so.' }),
    close(2),
    ...end('end_turn', { output_tokens: 30, server_tool_use: { web_search_requests: 1 } }),
  ],
  fallback: [
    start('msg_fall', 'claude-opus-5', 10),
    ...thinking(0, 'SIG1', 'First.'),
    ...[open(1, taken), close(1)],
    ...thinking(2, 'SIG2', 'Second.'),
    ...json(3, { type: 'tool_use', id: 'toolu_3', name: 'lookup', input: {} }, '{"q":"x"}'),
    ...end('tool_use', { output_tokens: 70, iterations: [{ type: 'message' }, { type: 'fallback_message' }] }),
  ],
  unknown: [
    start('msg_new', 'claude-x', 1),
    { type: 'weather', sky: 'blue' },
    ...[open(0, { type: 'text', text: '' }), delta(0, { type: 'hue_delta' })],
    ...[delta(0, { type: 'text_delta', text: 'Hi' }), close(0)],
    ...end('end_turn', { output_tokens: 2 }),
  ],
  overloaded: [
    start('msg_over', 'claude-sonnet-4-5', 25),
    ...[PING, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
  ],
} as const

export const streamOf = (events: readonly { readonly type: string }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
