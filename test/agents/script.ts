import type { ScriptEntry, ScriptReply } from '../../src/nouns/index.js'
import type { AgentUnderTest } from './agent-under-test.js'

export const WORK = 'List the files please.'
export const COUNT = 'Count the files now.'
export const AGAIN = 'And once again, please.'
const SUMMARY = '<analysis>Short.</analysis><summary>There is a file named a.txt.</summary>'

/** A tool call, parallel calls, a sub-agent where there is one, an error of HTTP, a cut stream where the agent takes it, and a session resumed. */
export function scriptFor({ shell, subagent, compact, mendsCuts, asides }: AgentUnderTest): readonly ScriptEntry[] {
  const cut = mendsCuts ? [{ kind: 'cut' as const, after: 4 }] : []
  return [
    ...asides,
    ...(compact === undefined ? [] : [{ match: { user: compact.asks }, replies: [{ text: SUMMARY }] }]),
    {
      match: { user: WORK },
      replies: [
        { text: 'I will look first.', reasoning: 'Look, then say.', toolCalls: [shell('ls')] },
        { text: 'Both at once.', toolCalls: [shell('cat a.txt'), shell('cat absent.txt')] },
        ...(subagent === undefined ? [] : [{ text: '', toolCalls: [subagent(COUNT)] }]),
        { text: 'There is one file.', faults: [{ kind: 'status', status: 503 }, ...cut] },
      ],
    },
    { match: { user: COUNT }, replies: [{ text: '', toolCalls: [shell('ls | wc -l')] }, { text: 'One.' }] },
    { match: { user: AGAIN }, replies: [{ text: 'Again.' }] },
    { replies: Array.from({ length: 9 }, () => ({ text: 'A short answer' })) },
  ].map((entry) => ({ ...entry, replies: entry.replies.map((reply) => reply as ScriptReply) }))
}
