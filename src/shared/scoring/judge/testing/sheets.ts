import { Query, unwrap, type RubricItem, type Scoring } from '../../../../nouns/index.js'
import type { ChatModel, ModelEvent, ModelRequest } from '../../../models/index.js'
import { virtualSandboxes } from '../../../sandboxes/index.js'
import type { ScoringInput } from '../../scorer.js'

export type Rubric = Extract<Scoring, { kind: 'judge' }>

export const RUBRIC: RubricItem[] = [
  { id: 'greets', weight: 2, requirement: 'greeting.txt greets the world.', feedback: 'There is no greeting.' },
  { id: 'says', weight: 1, requirement: 'The answer names the file.' },
]

export const queryWith = (rubric: readonly RubricItem[], more: Partial<Rubric> = {}): Query =>
  Query.parse({
    format: 'limi.query/1',
    id: 'greet',
    request: 'Greet the world in greeting.txt and tell me.',
    start: {},
    scoring: { kind: 'judge', rubric, ...more },
    source: { kind: 'person' },
  })

/** A state in which an agent left these files, and said this. */
export async function stateOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  answer = '',
  query = queryWith(RUBRIC),
): Promise<ScoringInput> {
  const sandbox = unwrap(await virtualSandboxes.create({ files: {} }))
  const start = await sandbox.snapshot()
  for (const [path, content] of Object.entries(files)) await sandbox.write(path, content)
  return { query, sandbox, answer, changes: () => sandbox.diff(start) }
}

/** A model that answers what a function makes of the request. */
export const modelSaying = (name: string, answer: (prompt: string, request: ModelRequest) => string): ChatModel => ({
  name,
  async *stream(request): AsyncGenerator<ModelEvent> {
    const text = answer(request.messages.map(({ content }) => content as string).join('\n\n'), request)
    yield { type: 'text', text }
    yield { type: 'usage', usage: { inputTokens: 10, outputTokens: 2 } }
    yield { type: 'stop', reason: 'stop' }
  },
})

/** The key that a prompt asks for, read as a model would. */
export const keyIn = (prompt: string): string => /\{"key": the text ([0-9a-f]{24}),/u.exec(prompt)?.[1] ?? 'none'

export interface Said {
  readonly id: string
  readonly met: boolean
  readonly from?: string
  readonly quote?: string
  readonly why?: string
}

export const verdictOf = (prompt: string, requirements: readonly Said[]): string =>
  JSON.stringify({ key: keyIn(prompt), requirements })
