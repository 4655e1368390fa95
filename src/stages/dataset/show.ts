import { done, failed, type Result, type Sample, type Trajectory } from '../../nouns/index.js'
import { samplesOf, type CollectOptions } from './collect.js'
import { IGNORED } from './label/index.js'
import type { DatasetModel } from './model.js'
import { tokeniseRendered, type Tokenised } from './tokenised.js'

/** One token as a reader sees it. Texts of a sample's tokens joined are its rendering; one that only continues a character has none. */
export interface TokenView {
  readonly text: string
  readonly trains: boolean
}

/** One message with all that the template prints around it. */
export interface SegmentView {
  /** Null for what stands before the first message, or where the template does not tell messages apart. */
  readonly message: string | null
  readonly role: string | null
  readonly tokens: readonly TokenView[]
  /** What a message said that a review cut: it is not in the sample, so it has no tokens. */
  readonly cut?: string
}

export interface SampleView {
  readonly id: string
  readonly trajectory: string
  readonly tokens: number
  readonly trainedTokens: number
  readonly segments: readonly SegmentView[]
}

/** A stored sample for display: its own ids and labels, with the text and messages of its trajectory, as it was built. */
export async function viewSample(
  model: DatasetModel,
  sample: Sample,
  trajectory: Trajectory,
  built: CollectOptions = { maxTokens: Infinity },
): Promise<Result<SampleView>> {
  const all = await samplesOf(model, trajectory, built)
  if ('problem' in all) return failed(all.problem.failure)
  const again = all.samples.find((one) => one.sample.id === sample.id)
  if (again === undefined) return failed(differs(sample.id))
  const made = await tokeniseRendered(model, again.conversation, again.rendered)
  if (!made.ok) return made
  const { ids } = made.value.encoded
  if (ids.length !== sample.input_ids.length || ids.some((id, at) => id !== sample.input_ids[at])) {
    return failed(differs(sample.id))
  }
  return done({
    id: sample.id,
    trajectory: sample.trajectory,
    tokens: ids.length,
    trainedTokens: sample.labels.filter((label) => label !== IGNORED).length,
    segments: segmentsOf(made.value, sample.labels),
  })
}

function segmentsOf(made: Tokenised, labels: readonly number[]): readonly SegmentView[] {
  const { encoded, rendered, conversation } = made
  const segments: { message: string | null; role: string | null; tokens: TokenView[] }[] = []
  let next = 0
  let shown = 0
  for (const [token, label] of labels.entries()) {
    const [start, end] = encoded.rangeOf(token) ?? [shown, shown]
    const from = Math.max(shown, start)
    while (from >= (rendered.messageStarts[next] ?? Infinity)) {
      const message = conversation.messages[next]
      segments.push({ message: message?.id ?? null, role: message?.chat.role ?? null, tokens: [] })
      next += 1
    }
    if (segments.length === 0) segments.push({ message: null, role: null, tokens: [] })
    segments.at(-1)?.tokens.push({ text: rendered.text.slice(from, Math.max(from, end)), trains: label !== IGNORED })
    shown = Math.max(shown, end)
  }
  return segments
}

const differs = (sample: string) => ({
  kind: 'input' as const,
  code: 'dataset.differs',
  message: 'the stored sample is not what its trajectory and model give',
  where: sample,
  remedy: 'limi dataset check shows the first difference; build the dataset again',
})
