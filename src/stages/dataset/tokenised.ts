import { done, failed, FailureError, type Result } from '../../nouns/index.js'
import type { Conversation } from './conversation/index.js'
import { labelTokens, type Labelled } from './label/index.js'
import type { DatasetModel } from './model.js'
import type { Rendered, RenderedSpan, Renderer } from './render/index.js'
import type { Encoded } from './tokenise/index.js'

/** A conversation as the model would read it, with what of it trains. */
export interface Tokenised {
  readonly conversation: Conversation
  readonly renderer: Renderer
  readonly rendered: Rendered
  readonly encoded: Encoded
  readonly labelled: Labelled
}

/** Renders a conversation as a whole, tokenises it once and labels what its training messages emitted. */
export async function tokeniseConversation(
  model: DatasetModel,
  conversation: Conversation,
): Promise<Result<Tokenised>> {
  const renderer = conversation.tools === null ? model.renderer : model.toolRenderer
  const rendered = renderer.render(conversation)
  return rendered.ok ? tokeniseRendered(model, conversation, rendered.value) : rendered
}

/** The same for a conversation that was rendered already. */
export async function tokeniseRendered(
  model: DatasetModel,
  conversation: Conversation,
  rendered: Rendered,
): Promise<Result<Tokenised>> {
  const renderer = conversation.tools === null ? model.renderer : model.toolRenderer
  const encoded = await encode(model, rendered.text)
  if (!encoded.ok) return encoded
  const labelled = labelTokens(encoded.value, trainingSpans(conversation, rendered, renderer))
  if (!labelled.ok) return labelled
  return done({ conversation, renderer, rendered, encoded: encoded.value, labelled: labelled.value })
}

async function encode(model: DatasetModel, text: string): Promise<Result<Encoded>> {
  try {
    return done(await model.tokeniser.encode(text))
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure)
    throw error
  }
}

/** Spans of messages that train. Where a limit cut the model short, the stop token is the template's and is not emitted. */
function trainingSpans(conversation: Conversation, rendered: Rendered, renderer: Renderer): readonly RenderedSpan[] {
  const messages = new Map(conversation.messages.map((message) => [message.id, message]))
  return rendered.spans.flatMap((span) => {
    const message = messages.get(span.message)
    if (message?.trains !== true) return []
    if (message.stopped) return [span]
    const said = rendered.text.slice(span.start, span.end)
    const stop = renderer.family.stops?.find((each) => said.endsWith(each)) ?? ''
    return [{ ...span, end: span.end - stop.length }]
  })
}
