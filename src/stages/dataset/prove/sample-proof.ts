import type { Sample, SampleProof } from '../../../nouns/index.js'
import { digestOf } from '../../../shared/project/index.js'
import type { Conversation } from '../conversation/index.js'
import { IGNORED, type LabelledSpan } from '../label/index.js'
import type { DatasetModel } from '../model.js'
import { numberText } from '../number-text.js'
import type { MarkedTemplate, Rendered } from '../render/index.js'
import type { Tokenised } from '../tokenised.js'

/**
 * Proves one sample. The checks do not repeat how labels were made: they decode what trains and compare it with what the
 * conversation says, so that a mistake in placing labels cannot prove itself.
 */
export async function proveSample(model: DatasetModel, made: Tokenised, sample: Sample): Promise<SampleProof> {
  const { rendered, labelled } = made
  const [whole = '', ...runs] = await model.tokeniser.decode([sample.input_ids, ...trainedRuns(sample)])
  const trainedTokens = sample.labels.reduce((count, label) => (label === IGNORED ? count : count + 1), 0)
  return {
    id: sample.id,
    trajectory: sample.trajectory,
    textDigest: digestOf(rendered.text),
    idsDigest: digestOf(numberText(sample.input_ids)),
    labelsDigest: digestOf(numberText(sample.labels)),
    tokens: sample.input_ids.length,
    trainedTokens,
    spans: labelled.spans.map(({ message, start, end, tokens }) => ({ message, start, end, tokens })),
    checks: {
      'text-is-the-templates': rendered.text === rendered.original,
      'ids-decode-to-text': whole === rendered.text || whole === model.tokeniser.normalise(rendered.text),
      'labels-are-ids-or-ignored': labelsFit(sample),
      'spans-are-what-was-emitted': spansFit(made),
      'trained-tokens-decode-to-spans': runsFit(model, made, runs),
      'nothing-else-trains': nothingElse(made, sample),
      'counts-add-up': labelled.spans.reduce((sum, span) => sum + span.tokens, 0) === trainedTokens,
    },
  }
}

export const isProved = (proof: SampleProof): boolean => Object.values(proof.checks).every((check) => check)

function labelsFit({ input_ids, labels }: Sample): boolean {
  return labels.length === input_ids.length && labels.every((label, at) => label === IGNORED || label === input_ids[at])
}

/**
 * Every training message has its span, in order, and it ends as the model ends. (Where it begins is proved for the whole piece, in
 * `prompts.ts`.) A template's own markers are obeyed: all that is asked is that they hold what was said.
 */
function spansFit({ conversation, labelled, rendered, renderer }: Tokenised): boolean {
  const { stops } = renderer.family
  const training = conversation.messages.filter(({ trains }) => trains)
  const spansOf = (id: string): readonly LabelledSpan[] => labelled.spans.filter(({ message }) => message === id)
  if (training.some(({ id }) => spansOf(id).length === 0)) return false
  if (stops === null) {
    return training.every(({ id, chat }) => {
      const texts = spansOf(id).map(({ start, end }) => rendered.text.slice(start, end))
      return texts.join('').includes(chat.content.trim())
    })
  }
  if (training.length !== labelled.spans.length) return false
  const ends = messageEnds(rendered, conversation)
  return training.every(({ id, stopped }, index) => {
    const span = labelled.spans[index]
    if (span?.message !== id) return false
    return endsRight(rendered.text, span.end, ends.get(id) ?? span.end, renderer.family, stopped)
  })
}

/** Where the template goes on to the next message; none where it does not tell messages apart. */
function messageEnds({ messageStarts, text }: Rendered, { messages }: Conversation): ReadonlyMap<string, number> {
  if (messageStarts.length !== messages.length) return new Map()
  return new Map(messages.map(({ id }, index) => [id, messageStarts[index + 1] ?? text.length]))
}

/**
 * What was emitted ends with a stop token, and the message holds no more than white space after it. Where a limit cut the model short, the
 * stop stands just outside, if the template prints one.
 */
function endsRight(text: string, span: number, message: number, family: MarkedTemplate, stopped: boolean): boolean {
  const stops = family.stops ?? []
  const rest = text.slice(span, message)
  if (stopped) return stops.some((stop) => text.endsWith(stop, span)) && rest.trim() === ''
  const stop = stops.find((each) => rest.startsWith(each))
  if (stop === undefined) return family.nextTags !== null && rest === ''
  return rest.slice(stop.length).trim() === ''
}

/** Ids of each unbroken run of tokens that train, read off the labels alone. */
function trainedRuns({ labels }: Sample): readonly (readonly number[])[] {
  const runs: (readonly number[])[] = []
  for (let start = 0; start < labels.length; start += 1) {
    if (labels[start] === IGNORED) continue
    let end = start + 1
    while (end < labels.length && labels[end] !== IGNORED) end += 1
    runs.push(labels.slice(start, end))
    start = end
  }
  return runs
}

/** Spans that touch train as one run. Where a token lies across an edge, the run may hold more than the span; where one cuts the last character, less. */
function runsFit(model: DatasetModel, { labelled, rendered }: Tokenised, runs: readonly string[]): boolean {
  const texts = mergeTouching(labelled.spans).map(({ start, end }) =>
    model.tokeniser.normalise(rendered.text.slice(start, end)),
  )
  if (labelled.straddling + labelled.cut === 0)
    return runs.length === texts.length && runs.every((run, index) => run === texts[index])
  const whole = runs.join('')
  return texts.every((text) => whole.includes(text) || whole.includes(withoutLastCharacter(text)))
}

function mergeTouching(spans: readonly LabelledSpan[]): readonly { readonly start: number; readonly end: number }[] {
  const merged: { start: number; end: number }[] = []
  for (const { start, end } of spans) {
    if (start === end) continue
    const last = merged.at(-1)
    if (last?.end === start) last.end = end
    else merged.push({ start, end })
  }
  return merged
}

const withoutLastCharacter = (text: string): string => text.replace(/.$/su, '')

/** Each token that trains holds a character of some span, or lies across an empty one. */
function nothingElse({ encoded, labelled }: Tokenised, { labels }: Sample): boolean {
  let current = 0
  return labels.every((label, token) => {
    if (label === IGNORED) return true
    const range = encoded.rangeOf(token)
    if (range === null) return false
    while ((labelled.spans[current]?.end ?? Infinity) <= range[0]) current += 1
    return (labelled.spans[current]?.start ?? Infinity) < range[1]
  })
}
