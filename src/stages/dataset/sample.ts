import { done, failed, type Failure, type Result, type Sample, type SampleProof } from '../../nouns/index.js'
import type { Conversation } from './conversation/index.js'
import { findLoss } from './fitness.js'
import { findUnkept } from './kept-text.js'
import { IGNORED } from './label/index.js'
import type { DatasetModel } from './model.js'
import type { Note } from './notes.js'
import { runsOf, type Piece } from './piece.js'
import { promptsFit } from './prove/prompts.js'
import { proveSample } from './prove/sample-proof.js'
import type { Rendered } from './render/index.js'
import type { Tokenised } from './tokenised.js'

export interface MadeSample {
  readonly sample: Sample
  readonly proof: SampleProof
  /** What was rendered, and how it was printed. */
  readonly conversation: Conversation
  readonly rendered: Rendered
  readonly notes: readonly Note[]
}

/** One piece of a trajectory as a sample with its proof. A sample that cannot teach what was said is a failure that says why. */
export async function makeSample(model: DatasetModel, piece: Piece, tokenised: Tokenised): Promise<Result<MadeSample>> {
  const loss = findLoss(tokenised)
  if (loss !== null) return failed({ ...loss, where: piece.id })
  const { encoded, labelled, conversation, renderer } = tokenised
  if (labelled.labels.every((label) => label === IGNORED)) return failed(nothingTrains(piece.id))
  const sample: Sample = {
    id: piece.id,
    trajectory: piece.trajectory,
    input_ids: [...encoded.ids],
    labels: [...labelled.labels],
  }
  const { id, trajectory, checks, ...proof } = await proveSample(model, tokenised, sample)
  const unkept = checks['ids-decode-to-text'] === false ? await findUnkept(model, tokenised) : null
  if (unkept !== null) return failed({ ...unkept, where: piece.id })
  const held = { thread: piece.thread.id, messages: runsOf(piece.thread, conversation) }
  // A template's own markers are obeyed wherever they say that the model speaks.
  const prompts: Readonly<Record<string, boolean>> =
    renderer.family.stops === null ? {} : { 'prompts-are-what-the-model-read': promptsFit(tokenised, piece.places) }
  return done({
    sample,
    proof: { id, trajectory, ...held, ...proof, checks: { ...checks, ...prompts } },
    conversation,
    rendered: tokenised.rendered,
    notes: notesOn(model, tokenised, piece.id),
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
  for (const { id, chat, trains } of conversation.messages) {
    const spans = rendered.spans.filter((each) => each.message === id)
    if (!trains || !chat.reasoning_content || spans.length === 0) continue
    const said = spans.map(({ start, end }) => rendered.text.slice(start, end)).join('')
    if (said.includes(chat.reasoning_content.trim())) continue
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
