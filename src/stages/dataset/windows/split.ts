import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import type { Conversation } from '../conversation/index.js'
import { showHistory, type Certify } from '../histories/index.js'
import type { DatasetModel } from '../model.js'
import { rendererFor, type Piece } from '../piece.js'
import { tokeniseConversation, tokeniseRendered, type Tokenised } from '../tokenised.js'
import { leadingSystem, stepsOf, windowOf, type Step } from './steps.js'

export interface Window {
  readonly piece: Piece
  readonly tokenised: Tokenised
}

/**
 * A piece that is longer than `maxTokens` as windows of at most so many, `<piece>.window-1`…: each holds the system's first messages, the tools,
 * where it begins inside a round the messages that opened it, and then as many whole steps as fit. Each message trains in one window, in
 * all windows together those that trained in the piece. A step that is too long by itself is `step.too-long`.
 */
export async function splitWindows(
  model: DatasetModel,
  piece: Piece,
  whole: Tokenised,
  maxTokens: number,
  certify: Certify,
): Promise<Result<readonly Window[]>> {
  const { conversation } = piece
  const steps = stepsOf(conversation)
  const guess = guessFrom(whole, steps)
  const windows: Window[] = []
  for (let first = 0; first < steps.length && steps.slice(first).some(({ trains }) => trains);) {
    const fitting = await longestFrom(model, conversation, steps, first, guess, maxTokens)
    if (!fitting.ok) return fitting
    const reached = steps.findLastIndex(({ trains }, index) => trains && index >= first && index <= fitting.value.last)
    if (reached < 0) {
      const next = steps.findIndex(({ trains }, index) => trains && index >= first)
      if (next === first)
        return failed(stepTooLong(piece.id, steps[first], conversation, fitting.value.tokens, maxTokens))
      first = next
      continue
    }
    const made = await longestWindow(
      { model, piece, number: windows.length + 1, certify, steps, maxTokens },
      first,
      reached,
    )
    if (!made.ok) return made
    windows.push(made.value.window)
    first = made.value.last + 1
  }
  return done(windows)
}

interface Fitting {
  /** The last step that fits; before the first one where none does. */
  readonly last: number
  /** Of the shortest window that was tried and is too long, or of the longest that fits. */
  readonly tokens: number
}

/** Walks from a guess to the longest run of steps that fits; what is compared are tokens of real renderings. */
async function longestFrom(
  model: DatasetModel,
  conversation: Conversation,
  steps: readonly Step[],
  first: number,
  guess: (first: number, maxTokens: number) => number,
  maxTokens: number,
): Promise<Result<Fitting>> {
  const tokensTo = async (last: number): Promise<Result<number>> => {
    const made = await tokeniseConversation(model, windowOf(conversation, steps, first, last))
    return made.ok ? done(made.value.encoded.ids.length) : made
  }
  let last = guess(first, maxTokens)
  let tokens = await tokensTo(last)
  if (!tokens.ok) return tokens
  while (tokens.value > maxTokens) {
    if (last === first) return done({ last: first - 1, tokens: tokens.value })
    last -= 1
    tokens = await tokensTo(last)
    if (!tokens.ok) return tokens
  }
  let fits = tokens.value
  while (last + 1 < steps.length) {
    const next = await tokensTo(last + 1)
    if (!next.ok) return next
    if (next.value > maxTokens) break
    fits = next.value
    last += 1
  }
  return done({ last, tokens: fits })
}

/** Where a window that begins with a step may end, by what the steps take up in the whole. */
function guessFrom(
  { rendered, encoded }: Tokenised,
  steps: readonly Step[],
): (first: number, maxTokens: number) => number {
  const { messageStarts, text } = rendered
  const share = encoded.ids.length / Math.max(1, text.length)
  const startOf = (message: number): number => (messageStarts[message] ?? text.length) * share
  return (first, maxTokens) => {
    const { opening = [0, 0], range = [0, 0] } = steps[first] ?? {}
    const context = startOf(steps[0]?.opening[0] ?? 0) + startOf(opening[1]) - startOf(opening[0])
    const last = steps.findLastIndex((step) => context + startOf(step.range[1]) - startOf(range[0]) <= maxTokens)
    return Math.max(first, last)
  }
}

interface Cut {
  readonly model: DatasetModel
  readonly piece: Piece
  /** The window's, counted from 1. */
  readonly number: number
  readonly certify: Certify
  readonly steps: readonly Step[]
  readonly maxTokens: number
}

/** A window whose last answer had to be appended to its prompt is longer than the rendering that was measured: it may have to end earlier. */
async function longestWindow(
  cut: Cut,
  first: number,
  reached: number,
): Promise<Result<{ readonly window: Window; readonly last: number }>> {
  const { model, piece, number, certify, steps, maxTokens } = cut
  let tokens = 0
  for (let last = reached; last >= first; last -= 1) {
    if (steps[last]?.trains !== true) continue
    const window = await asWindow(model, piece, windowOf(piece.conversation, steps, first, last), number, certify)
    if (!window.ok) return window
    tokens = window.value.tokenised.encoded.ids.length
    if (tokens <= maxTokens) return done({ window: window.value, last })
  }
  return failed(stepTooLong(piece.id, steps[first], piece.conversation, tokens, maxTokens))
}

async function asWindow(
  model: DatasetModel,
  piece: Piece,
  conversation: Conversation,
  number: number,
  certify: Certify,
): Promise<Result<Window>> {
  const id = `${piece.id}.window-${number}`
  const renderer = rendererFor(model, conversation)
  const whole = renderer.render(conversation)
  if (!whole.ok) return failed({ where: id, ...whole.failure })
  const wanted = new Set(conversation.messages.filter(({ trains }) => trains).map((message) => message.id))
  const shown = showHistory(renderer, conversation, whole.value, wanted, certify(renderer, conversation))
  const missing = [...wanted].find((message) => !shown.places.has(message))
  if (missing !== undefined && renderer.family.stops !== null) return failed(notShown(id, missing))
  const tokenised = await tokeniseRendered(model, conversation, shown.rendered)
  if (!tokenised.ok) return failed({ where: id, ...tokenised.failure })
  return done({ piece: { ...piece, ...shown, id, conversation }, tokenised: tokenised.value })
}

/** A line for the report: where it was cut, and what is repeated. */
export function describeWindows(piece: Piece, tokens: number, maxTokens: number, windows: readonly Window[]): string {
  const system = leadingSystem(piece.conversation)
  const held = windows.map(({ piece: { id, places, conversation } }) => {
    const first = conversation.messages.find(({ trains }) => trains)?.id ?? ''
    return `${id} from message ${first} (${places.size} train)`
  })
  return `${tokens} tokens, at most ${maxTokens}: cut into ${windows.length} windows: ${held.join(', ')}. Each repeats the ${system} first system messages, the tools and the message that opened its round; what was said between is not in it`
}

function stepTooLong(
  sample: string,
  step: Step | undefined,
  { messages }: Conversation,
  tokens: number,
  maxTokens: number,
): Failure {
  const { id = '' } = messages[step?.range[0] ?? 0] ?? {}
  return {
    kind: 'input',
    code: 'step.too-long',
    message: `message ${id} with the results of its calls and the context that it needs has ${tokens} tokens, at most ${maxTokens}`,
    where: sample,
    remedy:
      'raise --max-tokens, set the message to `context` in a review, or leave the trajectory out with --unfit exclude',
  }
}

const notShown = (window: string, message: string): Failure => ({
  kind: 'input',
  code: 'history.not-shown',
  message: `the chat template shows message ${message} otherwise in a window than the model saw it`,
  where: window,
  remedy: 'raise --max-tokens, set the message to `context` in a review, or leave this trajectory out of the selection',
})
