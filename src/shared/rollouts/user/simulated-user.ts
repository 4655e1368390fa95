import { randomBytes } from 'node:crypto'
import { done, type Message, type Price, type Query, type Result } from '../../../nouns/index.js'
import { costOf, replyOf, type ChatModel } from '../../models/index.js'
import type { Feedback, FeedbackGiven, FeedbackSaid, FeedbackTry } from '../feedback.js'
import { scorersWords } from '../scorers-words.js'
import { hiddenTexts, seenTexts } from './hidden.js'
import { findLeak } from './leaks.js'
import { correction, MOST_CHARACTERS, userPrompt } from './prompt.js'

export interface SimulatedUserOptions {
  /** Per million tokens; calls then have a cost. */
  readonly price?: Price
  /** What else is hidden of a query: the lines of a known solution. */
  readonly solutionOf?: (query: Query) => readonly string[]
  /** Told where the scorer's own feedback was taken in place of what the model said. */
  readonly onLine?: (line: string) => void
  /** Milliseconds before each further attempt when the model fails in a way that may pass. */
  readonly backoffMs?: readonly number[]
}

/** A message that may not be sent is asked for once more. */
const ASKED = 2

const BACKOFF_MS = [1_000, 4_000, 15_000]

/**
 * A model that speaks as the person after a failed round: it sees what failed, and may only say what a person could see. A message that is
 * empty, too long or gives away hidden text is asked for again, and the second time the scorer's own feedback is sent in its place. A failure is
 * the model's own, or `judge.budget` where the account forbids to ask.
 */
export function simulatedUser(model: ChatModel, options: SimulatedUserOptions = {}): Feedback {
  return { say: (given) => speak(model, options, given) }
}

async function speak(
  model: ChatModel,
  options: SimulatedUserOptions,
  given: FeedbackGiven,
): Promise<Result<FeedbackSaid>> {
  const { query, score, account, signal } = given
  const hidden = [...(options.solutionOf?.(query) ?? []), ...hiddenTexts(query, score)]
  const messages: Message[] = [said('user', userPrompt(given, randomBytes(8).toString('hex')), 1)]
  const tries: FeedbackTry[] = []
  for (;;) {
    const allowed = account?.mayAsk()
    if (allowed?.ok === false) return allowed
    const reply = await replyOf(
      model,
      { messages: [...messages], tools: [], params: { temperature: 0 } },
      {
        backoffMs: options.backoffMs ?? BACKOFF_MS,
        onCall: (usage) => account?.took({ judge: model.name, usage, ...costIn(options, usage) }),
        ...(signal === undefined ? {} : { signal }),
      },
    )
    if (!reply.ok) return reply
    const text = reply.value.text.trim()
    const refused = whyNot(text, hidden, given)
    tries.push({ text, ...(refused === null ? {} : { refused }) })
    if (refused === null) return done({ text, by: 'simulated', tries })
    if (tries.length === ASKED) return done(scorerInstead(options, given, tries))
    messages.push(said('assistant', reply.value.text, 2), said('user', correction(refused), 3))
  }
}

const costIn = ({ price }: SimulatedUserOptions, usage: Parameters<typeof costOf>[0]) =>
  price === undefined ? {} : { cost: costOf(usage, price) }

/** Why a message may not be sent; null where it may. */
function whyNot(text: string, hidden: readonly string[], given: FeedbackGiven): string | null {
  if (text === '') return 'it is empty'
  if (text.length > MOST_CHARACTERS) return `it has ${text.length} characters, and ${MOST_CHARACTERS} are the most`
  const leak = findLeak(text, hidden, seenTexts(given))
  return leak === null
    ? null
    : `it gives away what the person cannot know (${leak.kind}): ${JSON.stringify(leak.words)}`
}

function scorerInstead(
  { onLine }: SimulatedUserOptions,
  { query, round, score }: FeedbackGiven,
  tries: readonly FeedbackTry[],
): FeedbackSaid {
  onLine?.(
    `${query.id}: after round ${round} the scorer's own feedback was given: the simulated user's message could not be sent, twice`,
  )
  return { ...scorersWords(score), tries }
}

const said = (role: 'user' | 'assistant', content: string, at: number): Message => ({
  id: `m${at}`,
  role,
  origin: role === 'user' ? 'agent' : 'model',
  content,
})
