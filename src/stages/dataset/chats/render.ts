import { done, failed, type Result } from '../../../nouns/index.js'
import type { Conversation } from '../conversation/index.js'
import { findLoss } from '../fitness.js'
import { certifyByShape, splitHistories } from '../histories/index.js'
import type { DatasetModel } from '../model.js'
import { rendererFor } from '../piece.js'
import { tokeniseConversation, tokeniseRendered, type Tokenised } from '../tokenised.js'
import type { ReadChat } from './read.js'

/** One history of a conversation as a model reads it. `labels[i]` is `input_ids[i]` or −100, not shifted. */
export interface RenderedChat {
  readonly text: string
  readonly input_ids: readonly number[]
  readonly labels: readonly number[]
  /** What the template leaves out of the conversation, which a dataset would refuse. */
  readonly loss?: string
}

/**
 * Renders, tokenises and labels a conversation as `dataset build` does: one sample, or one for each history that the model had where the template
 * rewrites what was said before.
 */
export async function renderChat(
  model: DatasetModel,
  { conversation, where }: ReadChat,
): Promise<Result<readonly RenderedChat[]>> {
  const made = conversation.messages.some(({ trains }) => trains)
    ? await tokeniseHistories(model, conversation)
    : await tokeniseWhole(model, conversation)
  return made.ok ? done(made.value.map(asRendered)) : failed({ where, ...made.failure })
}

async function tokeniseWhole(model: DatasetModel, conversation: Conversation): Promise<Result<readonly Tokenised[]>> {
  const made = await tokeniseConversation(model, conversation)
  return made.ok ? done([made.value]) : made
}

async function tokeniseHistories(
  model: DatasetModel,
  conversation: Conversation,
): Promise<Result<readonly Tokenised[]>> {
  const histories = splitHistories(rendererFor(model, conversation), conversation, certifyByShape)
  if (!histories.ok) return histories
  const all: Tokenised[] = []
  for (const history of histories.value) {
    const made = await tokeniseRendered(model, history.conversation, history.rendered)
    if (!made.ok) return made
    all.push(made.value)
  }
  return done(all)
}

function asRendered(made: Tokenised): RenderedChat {
  const loss = findLoss(made)
  return {
    text: made.rendered.text,
    input_ids: [...made.encoded.ids],
    labels: [...made.labelled.labels],
    ...(loss === null ? {} : { loss: loss.message }),
  }
}
