import { readFile } from 'node:fs/promises'
import path from 'node:path'
import {
  BuiltInConfig,
  done,
  Query,
  Scoring,
  unwrap,
  type Message,
  type Result,
  type ScriptEntry,
  type Trial,
} from '../../../../../nouns/index.js'
import { builtInAgent } from '../../../../../shared/agents/index.js'
import { scriptedModel, type ChatModel } from '../../../../../shared/models/index.js'
import { modelJuror, panelJudge, scorerFor } from '../../../../../shared/scoring/index.js'
import type { BenchmarkTask } from '../../../benchmarks/index.js'
import { requestIn } from '../../../testing/request.js'
import { say, SCRIPT, task } from '../../../testing/words.js'
import { evaluate, type EvaluationRequest } from '../../../trials/index.js'
import type { TrialConversation } from '../sample.js'

const query = (id: string, request: string, scoring: object): Query =>
  Query.parse({ format: 'limi.query/1', id, request, start: { files: {} }, scoring, source: { kind: 'person' } })
const fileCheck = (check: object) => ({ kind: 'checks', checks: [{ kind: 'file', id: 'file', ...check }] })
const bash = (command: string) => say(`\`\`\`bash\n${command}\n\`\`\``)

const CHAIN: BenchmarkTask = {
  id: 'chain',
  suite: 'chains',
  query: query('chain-1', 'Write 1 to count.txt.', fileCheck({ path: 'count.txt', matches: '^1$' })),
  further: [
    query('chain-2', 'Copy count.txt to copy.txt.', fileCheck({ path: 'copy.txt', matches: '^1$' })),
    query('chain-3', 'Remove count.txt.', fileCheck({ path: 'count.txt', exists: false })),
  ],
}
const BUSY: BenchmarkTask = {
  id: 'busy',
  suite: 'values',
  query: query('busy', 'Look around for long.', fileCheck({ path: 'never.txt' })),
}
const JUDGED = Scoring.parse({
  kind: 'judge',
  passAt: 0.6,
  rubric: [
    { id: 'greets', weight: 2, requirement: 'greeting.txt greets the world.' },
    { id: 'says', weight: 1, requirement: 'The answer names the file.' },
  ],
})
const judged = (id: string, request: string): BenchmarkTask => ({
  id,
  suite: 'judged',
  query: query(id, request, JUDGED),
})

const ENTRIES: ScriptEntry[] = [
  ...SCRIPT,
  { request: 'Write 1 to count.txt.', replies: [bash('echo 1 > count.txt'), say('Done.')] },
  { request: 'Copy count.txt to copy.txt.', replies: [say('What?'), bash('cp count.txt copy.txt'), say('Done.')] },
  { request: 'Remove count.txt.', replies: [say('No.'), say('No.'), say('No.')] },
  { request: 'Look around for long.', replies: Array.from({ length: 9 }, () => bash('ls -a')) },
  { request: 'Greet the world.', replies: [bash("echo 'Hello, world!' > greeting.txt"), say('Done.')] },
  { request: 'Greet nobody.', replies: [say('Done.')] },
]
const scripted = scriptedModel('scripted', ENTRIES)
const MODEL: ChatModel = {
  name: 'scripted',
  async *stream(request, signal) {
    yield { type: 'usage', usage: { inputTokens: 1000, outputTokens: 100, cachedInputTokens: 400 } }
    yield* scripted.stream(request, signal)
  },
}

/** Finds a greeting where there is one; says no verdict where nobody was greeted. */
const JUDGE: ChatModel = {
  name: 'grader',
  async *stream({ messages }) {
    const prompt = messages.map(({ content }) => (typeof content === 'string' ? content : '')).join('\n')
    const key = /\{"key": the text ([0-9a-f]{24}),/u.exec(prompt)?.[1]
    const requirements = [
      { id: 'greets', met: true, from: 'greeting.txt', quote: 'Hello, world!' },
      { id: 'says', met: false },
    ]
    yield {
      type: 'text',
      text: prompt.includes('Greet nobody.') ? 'Fine work!' : JSON.stringify({ key, requirements }),
    }
    yield { type: 'usage', usage: { inputTokens: 10, outputTokens: 2 } }
    yield { type: 'stop', reason: 'stop' }
  },
}

/**
 * Two trials of tasks that end in every way: at once, after feedback, never, by the agent's budget, by a judge, and by a judge who cannot
 * be read; one of them has three subtasks. A call of the agent is 0.0016 and 0.001, one of the judge 0.003.
 */
export async function evaluateSeveral(folder: string): Promise<void> {
  const greetings = [judged('greet', 'Greet the world.'), NOBODY]
  unwrap(
    await evaluate(requestFor(folder, { tasks: [task(0), task(2), task(4), CHAIN, BUSY, ...greetings], trials: 2 })),
  )
}

/** The same, of which the budget leaves one trial, unjudged: two calls of the judge who cannot be read are all that it pays for. */
export async function evaluateCut(folder: string): Promise<void> {
  await evaluate(requestFor(folder, { tasks: [NOBODY, task(0)], trials: 2, maxCost: 0.005 }))
}

const NOBODY = judged('nobody', 'Greet nobody.')

function requestFor(folder: string, changes: Partial<EvaluationRequest>): EvaluationRequest {
  const limits = BuiltInConfig.parse({ kind: 'built-in', actions: 'fenced', maxTotalTokens: 3000, maxSeconds: 60 })
  const judge = panelJudge([modelJuror(JUDGE, { backoffMs: [], price: { input: 100, output: 1000 } })])
  return requestIn(folder, {
    model: MODEL,
    agent: builtInAgent(limits, { backoffMs: [] }),
    price: { input: 1, output: 10 },
    scorerFor: (one) => scorerFor(one, { judge }),
    parameters: { limits },
    ...changes,
  })
}

/** What was said in a trial, read from the lines of its trajectory. */
export const conversationIn =
  (folder: string) =>
  async ({ trajectory }: Trial): Promise<Result<TrialConversation | null>> => {
    const lines = (await readFile(path.join(folder, 'trajectories', `${trajectory ?? ''}.jsonl`), 'utf8')).split('\n')
    const events = lines.map((line) => JSON.parse(line) as { type: string; message?: Message; created?: string })
    const messages = events.flatMap(({ type, message }) => (type === 'message' && message ? [message] : []))
    return done({ messages, leftOut: [], created: events[0]?.created })
  }
