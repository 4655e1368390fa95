import {
  done,
  failed,
  type Failure,
  type Result,
  type Sample,
  type SampleProof,
  type Trajectory,
} from '../../nouns/index.js'
import { toConversation, type Conversation, type Stretch, type TrainingRule } from './conversation/index.js'
import { findLoss } from './fitness.js'
import { IGNORED } from './label/index.js'
import type { DatasetModel } from './model.js'
import type { Note } from './notes.js'
import { proveSample } from './prove/sample-proof.js'
import { tokeniseConversation, type Tokenised } from './tokenised.js'

export interface MadeSample {
  readonly sample: Sample
  readonly proof: SampleProof
  /** What was rendered. */
  readonly conversation: Conversation
  readonly notes: readonly Note[]
}

/** One stretch of a trajectory as a sample with its proof. A sample that cannot teach what was said is a failure that says why. */
export async function makeSample(
  model: DatasetModel,
  trajectory: Trajectory,
  stretch: Stretch,
  rule: TrainingRule,
): Promise<Result<MadeSample>> {
  const converted = toConversation(trajectory, stretch, rule)
  if (!converted.ok) return converted
  const tokenised = await tokeniseConversation(model, converted.value.conversation)
  if (!tokenised.ok) return failed({ where: stretch.id, ...tokenised.failure })
  const loss = findLoss(tokenised.value)
  if (loss !== null) return failed({ ...loss, where: stretch.id })
  const { encoded, labelled } = tokenised.value
  if (labelled.labels.every((label) => label === IGNORED)) return failed(nothingTrains(stretch.id))
  const sample: Sample = {
    id: stretch.id,
    trajectory: trajectory.id,
    input_ids: [...encoded.ids],
    labels: [...labelled.labels],
  }
  const proof = await proveSample(model, tokenised.value, sample)
  const { conversation } = converted.value
  return done({
    sample,
    proof,
    conversation,
    notes: [...converted.value.notes, ...notesOn(model, tokenised.value, stretch.id)],
  })
}

function notesOn(
  model: DatasetModel,
  { conversation, labelled, renderer, rendered }: Tokenised,
  sample: string,
): Note[] {
  const notes: Note[] = []
  for (const { id, chat } of conversation.messages) {
    const found = model.files.addedTokens.find(({ content, special }) => special && chat.content.includes(content))
    if (found === undefined) continue
    const message = `message ${id} holds ${found.content} as text, which becomes a control token, as with transformers`
    notes.push({ sample, code: 'special-token-text', message })
  }
  for (const { id, chat } of conversation.messages) {
    const span = rendered.spans.find((each) => each.message === id)
    if (!chat.reasoning_content || span === undefined) continue
    if (rendered.text.slice(span.start, span.end).includes(chat.reasoning_content.trim())) continue
    const message = `message ${id}: the template (${renderer.family.family}) does not print its reasoning`
    notes.push({ sample, code: 'reasoning-not-shown', message })
  }
  if (labelled.straddling > 0) {
    const message = `${labelled.straddling} tokens lie across the edge of what the model emitted; they train, as with transformers`
    notes.push({ sample, code: 'straddling-token', message })
  }
  if (labelled.cut > 0) {
    const message = `the last character of ${labelled.cut} messages takes several tokens, of which the first alone trains, as with transformers`
    notes.push({ sample, code: 'character-cut', message })
  }
  return notes
}

const nothingTrains = (sample: string): Failure => ({
  kind: 'input',
  code: 'sample.untrained',
  message: 'no token of this sample trains: none of its messages was emitted by the model',
  where: sample,
  remedy: 'leave this trajectory out of the selection, or mark a message of it to train in its review',
})
