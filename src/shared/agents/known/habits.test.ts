import { describe, expect, test } from 'vitest'
import type { WireMessage, WireRequest } from '../../wire/index.js'
import { habitsNamed } from './all-habits.js'

const asks = (...messages: readonly WireMessage[]): WireRequest => ({
  ...{ model: 'm', stream: true, messages, tools: [], params: {}, wantsSchema: false },
})
const user = (content: string): WireMessage => ({ role: 'user', content })
const system = (content: string): WireMessage => ({ role: 'system', content })

describe('who calls', () => {
  test('Claude Code names its session in a header, in JSON, and before 2.1 in a name; a sub-agent in a header', () => {
    const { identityOf } = habitsNamed('claude')
    const session = '7720c605-0216-4068-8f2a-a2ff20f7eba3'
    const headers = { 'x-claude-code-session-id': session, 'user-agent': 'claude-cli/2.1.197 (external, sdk-cli)' }
    expect(identityOf(headers, {})).toEqual({ session })
    expect(identityOf({ ...headers, 'x-claude-code-agent-id': 'a1' }, {})).toEqual({ session, subagent: 'a1' })
    const json = { metadata: { user_id: JSON.stringify({ device_id: 'd', account_uuid: '', session_id: session }) } }
    expect(identityOf({}, json)).toEqual({ session })
    const name = { metadata: { user_id: `user_0a1b_account__session_${session}` } }
    expect(identityOf({}, name)).toEqual({ session })
    expect(identityOf({}, 'no body')).toEqual({})
  })

  test('Codex names session and thread; a sub-agent has a thread of its own, a summing call none', () => {
    const { identityOf } = habitsNamed('codex')
    const root = { 'session-id': 's1', 'thread-id': 's1', originator: 'codex_exec' }
    const turn = {
      'x-codex-turn-metadata': JSON.stringify({ session_id: 's1', thread_id: 's1', request_kind: 'turn' }),
    }
    expect(identityOf({ ...root, ...turn }, {})).toEqual({ session: 's1' })
    const child = { 'session-id': 's1', 'thread-id': 't2', 'x-codex-parent-thread-id': 's1' }
    expect(identityOf({ ...child, 'x-openai-subagent': 'collab_spawn' }, {})).toEqual({ session: 's1', subagent: 't2' })
    expect(identityOf({ ...root, 'x-openai-subagent': 'compact' }, {})).toEqual({ session: 's1', purpose: 'compact' })
    expect(identityOf({}, { client_metadata: { session_id: 's1' } })).toEqual({ session: 's1' })
  })

  test('opencode’s sub-agents are sessions that name their parent; Code Assist names the session in its body', () => {
    const { identityOf } = habitsNamed('opencode')
    expect(identityOf({ 'x-session-affinity': 'ses_1' }, {})).toEqual({ session: 'ses_1' })
    const child = { 'x-session-affinity': 'ses_2', 'x-parent-session-id': 'ses_1' }
    expect(identityOf(child, {})).toEqual({ session: 'ses_1', subagent: 'ses_2' })
    expect(habitsNamed('gemini').identityOf({}, { request: { session_id: 'g1' } })).toEqual({ session: 'g1' })
    expect(habitsNamed('whatever').identityOf({ 'x-session-affinity': 'ses_1' }, {})).toEqual({})
  })
})

describe('who speaks', () => {
  test.each([
    ['claude', '<system-reminder>\nToday is Monday.\n</system-reminder>\n', 'agent'],
    ['claude', '<system-reminder>Monday.</system-reminder>\nNow fix it.', 'human'],
    ['claude', '[Request interrupted by user for tool use]', 'agent'],
    ['claude', '<command-name>/clear</command-name>', 'human'],
    ['codex', '<environment_context>\n  <cwd>/w</cwd>\n</environment_context>', 'agent'],
    ['codex', '# AGENTS.md instructions for /w', 'agent'],
    ['gemini', '<session_context>\nThis is the Gemini CLI.', 'agent'],
    ['qwen', '<task-notification>\n<task-id>x</task-id>', 'agent'],
    ['mini-swe-agent', '<returncode>0</returncode>\n<output>\nx</output>', 'agent'],
    ['other', 'Fix it.', 'human'],
  ])('in %s: %j', (name, text, speaker) => {
    expect(habitsNamed(name).speakerOf(text)).toBe(speaker)
  })
})

test('what calls are for, by prompts that agents send', () => {
  const router = asks(system('\nYou are a specialized Task Routing AI. Your sole function is…'), user('say ok'))
  expect(habitsNamed('gemini').purposeOf(router)).toMatch(/^router/)
  const title = asks(system('You are a title generator. You output ONLY a thread title.'), user('Generate a title'))
  expect(habitsNamed('opencode').purposeOf(title)).toMatch(/^title/)
  const sums = asks(system('You are Qwen Code'), user('You are the component that summarizes a conversation when…'))
  expect(habitsNamed('qwen').purposeOf(sums)).toMatch(/^compact/)
  const compacts = asks(user('Hi'), user('You are performing a CONTEXT CHECKPOINT COMPACTION. Create a handoff'))
  expect(habitsNamed('codex').purposeOf(compacts)).toMatch(/^compact/)
  const turn = asks(system('You are a Claude agent, built on Anthropic’s Claude Agent SDK.'), user('say ok'))
  expect(habitsNamed('claude').purposeOf(turn)).toBeUndefined()
})

test('a summary is known by the words that programs put before it', () => {
  const text = 'This session is being continued from a previous conversation that ran out of context.'
  expect(habitsNamed('claude').isSummary(text)).toBe(true)
  expect(habitsNamed('claude').isSummary('Go on.')).toBe(false)
  expect(habitsNamed('gemini').isSummary('<state_snapshot>\n<overall_goal>x')).toBe(true)
})
