import type { ScriptEntry, ScriptReply } from '../../src/nouns/index.js'
import type { AgentUnderTest } from './agent-under-test.js'

export const WORK = 'List the files please.'
export const COUNT = 'Count the files now.'
export const AGAIN = 'And once again, please.'
export const BREAK = 'Say it, and break.'
export const LONG = 'Look at everything, please.'
export const SEEN = 'Now all is seen.'
const SUMMARY = '<analysis>Short.</analysis><summary>There is a file named a.txt.</summary>'

/** Gemini CLI asks twice; Qwen Code believes in what it saved only where tokens are counted. */
const summedUp = ({ compact }: AgentUnderTest): readonly ScriptEntry[] => {
  const reply = { text: SUMMARY, usage: { inputTokens: 2000, outputTokens: 20 } }
  return compact === undefined ? [] : [{ match: compact.asks, replies: [reply, reply, reply] }]
}

/** What is said before a compaction within a turn, what is summed up, and what is said after it, however much of what went before is kept. */
const inTurn = ({ shell, compact }: AgentUnderTest): readonly ScriptEntry[] => {
  if (compact === undefined || !('tokens' in compact)) return []
  const usage = { inputTokens: compact.tokens, outputTokens: 5 }
  return [
    {
      match: { user: LONG },
      replies: [
        { text: 'I will look here.', toolCalls: [shell('ls')] },
        { text: 'I will look there.', toolCalls: [shell('cat a.txt')], usage },
      ],
    },
    {
      match: compact.goesOn ?? { user: 'There is a file named a.txt' },
      replies: Array.from({ length: compact.isEndless === true ? 1 : 5 }, () => ({ text: SEEN })),
    },
  ]
}

/** A tool call, parallel calls, a sub-agent where there is one, an error of HTTP, a cut stream where the agent takes it, and a session resumed. */
export function scriptFor(agent: AgentUnderTest): readonly ScriptEntry[] {
  const { shell, subagent, handIn, meanwhile, submit, mendsCuts, asides } = agent
  const submitted = submit === undefined ? {} : { toolCalls: [submit] }
  const found = handIn === undefined ? { text: 'One.' } : { text: '', toolCalls: [handIn('One.')] }
  const cut = mendsCuts ? [{ kind: 'cut' as const, after: 4 }] : []
  return [
    ...asides,
    ...summedUp(agent),
    ...inTurn(agent),
    {
      match: { user: WORK },
      replies: [
        { text: 'I will look first.', reasoning: 'Look, then say.', toolCalls: [shell('ls')] },
        { text: 'Both at once.', toolCalls: [shell('cat a.txt'), shell('cat absent.txt')] },
        ...(subagent === undefined ? [] : [{ text: '', toolCalls: [subagent(COUNT)] }]),
        ...(meanwhile === undefined ? [] : [{ text: 'It is counted meanwhile.', toolCalls: [meanwhile] }]),
        { text: 'There is one file.', ...submitted, faults: [{ kind: 'status', status: 503 }, ...cut] },
      ],
    },
    { match: { user: COUNT }, replies: [{ text: '', toolCalls: [shell('ls | wc -l')] }, found] },
    {
      match: { user: BREAK },
      replies: [{ text: 'It is said in full.', faults: Array.from({ length: 30 }, () => ({ kind: 'cut', after: 9 })) }],
    },
    { match: { user: AGAIN }, replies: [{ text: 'Again.' }] },
    { replies: Array.from({ length: 9 }, () => ({ text: 'A short answer' })) },
  ].map((entry) => ({ ...entry, replies: entry.replies.map((reply) => reply as ScriptReply) }))
}
