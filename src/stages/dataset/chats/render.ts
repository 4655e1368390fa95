import { done, failed, type Result } from '../../../nouns/index.js'
import type { Conversation } from '../conversation/index.js'
import { findLoss } from '../fitness.js'
import { certifyByShape, splitHistories } from '../histories/index.js'
import { findUnkept } from '../kept-text.js'
import type { DatasetModel } from '../model.js'
import { rendererFor } from '../piece.js'
import { tokeniseConversation, tokeniseRendered, type Tokenised } from '../tokenised.js'
import type { ReadChat } from './read.js'

/** One history of a conversation as a model reads it. `labels[i]` is `input_ids[i]` or −100, not shifted. */
export interface RenderedChat {
  readonly text: string
  readonly input_ids: readonly number[]
  readonly labels: readonly number[]
  /** Why a dataset would refuse it: the template leaves something out, or shows another history than the model saw. */
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
  const shown = conversation.messages.some(({ trains }) => trains)
    ? await tokeniseHistories(model, conversation)
    : await tokeniseWhole(model, conversation)
  if (!shown.ok) return failed({ where, ...shown.failure })
  const rendered: RenderedChat[] = []
  for (const each of shown.value) rendered.push(await asRendered(model, each))
  return done(rendered)
}

interface Shown {
  readonly made: Tokenised
  /** Why a dataset would refuse it. */
  readonly refused?: string
}

/** Where no rendering shows what the model read and then said, the whole is shown with `refused`: a dataset has no such sample. */
async function tokeniseWhole(
  model: DatasetModel,
  conversation: Conversation,
  refused?: string,
): Promise<Result<readonly Shown[]>> {
  const made = await tokeniseConversation(model, conversation)
  return made.ok ? done([{ made: made.value, refused }]) : made
}

async function tokeniseHistories(model: DatasetModel, conversation: Conversation): Promise<Result<readonly Shown[]>> {
  const histories = splitHistories(rendererFor(model, conversation), conversation, certifyByShape)
  if (!histories.ok && histories.failure.code === 'history.not-shown')
    return tokeniseWhole(model, conversation, histories.failure.message)
  if (!histories.ok) return histories
  const all: Shown[] = []
  for (const history of histories.value) {
    const made = await tokeniseRendered(model, history.conversation, history.rendered)
    if (!made.ok) return made
    all.push({ made: made.value })
  }
  return done(all)
}

async function asRendered(model: DatasetModel, { made, refused }: Shown): Promise<RenderedChat> {
  const loss = refused ?? findLoss(made)?.message ?? (await findUnkept(model, made))?.message
  return {
    text: made.rendered.text,
    input_ids: [...made.encoded.ids],
    labels: [...made.labelled.labels],
    ...(loss === undefined ? {} : { loss }),
  }
}
