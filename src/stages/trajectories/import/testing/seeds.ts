import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { sampleFolder } from '../../sample/index.js'
import { FAMILY } from '../atif/testing/documents.js'
import { asked, log, looked, model, request, response } from '../limi-events/testing/logs.js'

/** A small file of a format: its one document, or its lines. */
export interface Seed {
  readonly format: string
  readonly name: string
  readonly document?: unknown
  readonly lines?: readonly unknown[]
  /** Whether what is made of it is incomplete. */
  readonly isCut?: boolean
}

const here = path.join(import.meta.dirname, '..')
const text = (...place: string[]): string => readFileSync(path.join(here, ...place), 'utf8')
const json = (...place: string[]): unknown => JSON.parse(text(...place))
const lines = (...place: string[]): unknown[] =>
  text(...place)
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
const first = (...place: string[]): string => {
  const found = readdirSync(path.join(here, ...place)).find((name) => name.endsWith('.jsonl'))
  return path.join(...place, found ?? '')
}

const call = (id: string): object => ({ id, type: 'function', function: { name: 'f', arguments: '{"a":1}' } })
const chat = [
  { role: 'system', content: 'S' },
  { role: 'user', content: 'u' },
  { role: 'assistant', content: null, reasoning_content: 'r', tool_calls: [call('c1')] },
  { role: 'tool', tool_call_id: 'c1', content: 'seen' },
  { role: 'assistant', content: 'a', weight: 1 },
]
const tool = { type: 'function', function: { name: 'f', parameters: { type: 'object' } } }

const claudeLine = (type: string, uuid: string, parentUuid: string | null, message: object): object => ({
  type,
  uuid,
  parentUuid,
  sessionId: 's',
  timestamp: '2026-01-01T00:00:00.000Z',
  version: '2.1.0',
  cwd: '/w',
  isSidechain: false,
  message,
})
const usage = { input_tokens: 3, output_tokens: 4, cache_read_input_tokens: 1 }
const said = (id: string, content: object[]): object => ({
  id,
  role: 'assistant',
  model: 'claude-sonnet-4-5',
  content,
  stop_reason: 'end_turn',
  usage,
})
const toolUse = { type: 'tool_use', id: 't1', name: 'Read', input: { a: 1 } }
const toolResult = { type: 'tool_result', tool_use_id: 't1', content: 'seen' }

const codexItem = (payload: object): object => ({ timestamp: '2026-01-01T00:00:00Z', type: 'response_item', payload })
const sweItem = (role: string, content: string, more: object = {}): object => ({
  role,
  content,
  agent: 'main',
  ...more,
})

const time = '2026-01-02T03:04:05.000Z'
const wireHeaders = [['content-type', 'application/json']]
const wireBody = JSON.stringify({ model: 'm', messages: chat.slice(0, 2), tools: [tool] })
const wireAnswer = JSON.stringify({ id: 'r', model: 'm', choices: [{ message: chat[4], finish_reason: 'stop' }] })
const wireCall = (call: string, ...answer: readonly object[]): object[] => [
  { type: 'request', call, time, route: 'openai', method: 'POST', url: '/v1/chat/completions', headers: wireHeaders },
  { type: 'request-body', call, ms: 1, body: [wireBody.slice(0, 40), [1, 1]] },
  { type: 'response', call, ms: 2, status: 200, headers: wireHeaders },
  ...answer,
]

export const SEEDS: readonly Seed[] = [
  {
    format: 'academiclaw',
    name: 'conversation_log.json',
    document: JSON.parse(
      readFileSync(
        path.join(sampleFolder(), 'en_log_security_analysis/openclaw/gpt-5.4/conversation_log.json'),
        'utf8',
      ),
    ),
  },
  {
    format: 'anthropic-messages',
    name: 'a.json',
    document: {
      model: 'claude-sonnet-4',
      system: 'S',
      tools: [{ name: 'Read', input_schema: { type: 'object' } }],
      messages: [
        { role: 'user', content: 'u' },
        { role: 'assistant', content: [{ type: 'thinking', thinking: 't', signature: 's' }, toolUse] },
        { role: 'user', content: [toolResult] },
        { role: 'assistant', content: 'a' },
      ],
    },
  },
  { format: 'atif', name: 'trajectory.json', document: Object.values(FAMILY)[0] },
  {
    format: 'claude-code',
    name: 's.jsonl',
    lines: [
      claudeLine('user', 'u1', null, { role: 'user', content: 'u' }),
      claudeLine('assistant', 'a1', 'u1', said('m1', [{ type: 'thinking', thinking: 't', signature: 's' }])),
      claudeLine('assistant', 'a2', 'a1', said('m1', [toolUse])),
      claudeLine('user', 'r1', 'a2', { role: 'user', content: [toolResult] }),
      claudeLine('assistant', 'a3', 'r1', said('m2', [{ type: 'text', text: 'a' }])),
      { type: 'summary', summary: 'S', leafUuid: 'a3' },
    ],
  },
  {
    format: 'codex',
    name: 'rollout-a.jsonl',
    lines: [
      { timestamp: '2026-01-01T00:00:00Z', type: 'session_meta', payload: { id: 's', cwd: '/w', instructions: 'S' } },
      codexItem({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'u' }] }),
      codexItem({ type: 'reasoning', summary: [{ type: 'summary_text', text: 'r' }], encrypted_content: 'e' }),
      codexItem({ type: 'function_call', name: 'shell', arguments: '{}', call_id: 'c1' }),
      codexItem({ type: 'function_call_output', call_id: 'c1', output: 'seen' }),
      codexItem({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a' }] }),
      { timestamp: '2026-01-01T00:00:00Z', type: 'compacted', payload: { message: 'S', replacement_history: [] } },
      codexItem({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'b' }] }),
    ],
  },
  {
    format: 'limi-events',
    name: 'log.json',
    document: log([request(asked), response(looked[1] ?? {}), request(looked), response(model('a.txt'))]),
  },
  { format: 'openai-messages', name: 'r.json', document: { messages: chat, tools: [tool], model: 'm' } },
  { format: 'openai-messages', name: 'r.jsonl', lines: [{ messages: chat }, { prompt: chat, completion: [chat[4]] }] },
  {
    format: 'sharegpt',
    name: 'g.jsonl',
    lines: [
      {
        conversations: [
          { from: 'human', value: 'u' },
          { from: 'function_call', value: '{"name": "f", "arguments": {"a": 1}}' },
          { from: 'observation', value: 'seen' },
          { from: 'gpt', value: '<think>\nr\n</think>\n\na' },
        ],
        system: 'S',
        tools: '[{"name": "f"}]',
      },
    ],
  },
  {
    format: 'swe-agent',
    name: 'r.traj',
    document: {
      environment: 'e',
      trajectory: [{ action: 'ls', observation: 'seen', response: 'I look.', query: [{ role: 'user', content: 'u' }] }],
      history: [
        sweItem('system', 'S'),
        sweItem('user', 'u'),
        sweItem('assistant', 'I look.', {
          tool_calls: [call('c1')],
          thinking_blocks: [{ thinking: 't', signature: 's' }],
        }),
        sweItem('tool', 'seen', { tool_call_ids: ['c1'] }),
      ],
      info: { exit_status: 'submitted', model_stats: { tokens_sent: 3, tokens_received: 4 } },
    },
  },
  ...['responses', 'text', 'toolcall', 'v1'].map((name) => ({
    format: 'mini-swe-agent',
    name: `${name}.traj.json`,
    document: json('mini-swe-agent/fixtures', `${name}.traj.json`),
  })),
  {
    format: 'openhands',
    name: 'trajectory.json',
    document: readdirSync(path.join(here, 'openhands/fixtures/sdk/events'))
      .sort()
      .map((name) => json('openhands/fixtures/sdk/events', name)),
  },
  {
    format: 'tau2',
    name: 'results.json',
    document: {
      info: {
        agent_info: { implementation: 'llm_agent', llm: 'm', llm_args: { temperature: 0 } },
        user_info: {},
        environment_info: { domain_name: 'd', tool_defs: { f: { name: 'f', doc: 'F', params: { type: 'object' } } } },
      },
      tasks: [{ id: 't' }],
      notes: ['n', 1],
      simulations: [
        {
          id: 's',
          task_id: 't',
          termination_reason: 'user_stop',
          reward_info: { reward: 1 },
          messages: [
            { role: 'user', content: 'u' },
            {
              role: 'assistant',
              content: null,
              tool_calls: [{ id: 'c1', name: 'f', arguments: { a: 1 } }],
              usage: { prompt_tokens: 3, completion_tokens: 4 },
              generation_time_seconds: 1,
              raw_data: { finish_reason: 'tool_calls' },
            },
            { role: 'tool', id: 'c1', content: 'seen', requestor: 'assistant' },
            { role: 'assistant', content: 'a' },
          ],
        },
      ],
    },
  },
  { format: 'pi', name: 'session-v1.jsonl', lines: lines('pi/fixtures/session-v1.jsonl') },
  { format: 'pi', name: 'session-v3.jsonl', lines: lines('pi/fixtures/session-v3.jsonl') },
  { format: 'gemini-cli', name: 'session-a.jsonl', lines: lines(first('gemini-cli/fixtures/0.61.0/chats')) },
  { format: 'qwen-code', name: 'q.jsonl', lines: lines(first('qwen-code/fixtures/0.24.4/chats')) },
  { format: 'opencode', name: 'session.json', document: json('opencode/fixtures/1.18.33/session.json') },
  {
    format: 'recording',
    name: 'wire.jsonl',
    isCut: true,
    lines: [
      { type: 'blob', id: 1, digest: 'd', text: wireBody.slice(40) },
      ...wireCall(
        'c1',
        { type: 'chunks', call: 'c1', chunks: [[3, wireAnswer]] },
        { type: 'end', call: 'c1', ms: 4, how: 'complete' },
      ),
      { type: 'note', text: 'odd' },
      ...wireCall('c2', { type: 'chunks', call: 'c2', chunks: [[3, { base64: 'e30=' }]], encoding: 'br' }),
    ],
  },
]
