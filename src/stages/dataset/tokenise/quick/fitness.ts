import type { AddedToken, TokenizerSteps } from '../../model-files.js'

/** Why the words of this tokeniser cannot be encoded one by one, or null where nothing speaks against it. */
export function unfitness(steps: TokenizerSteps | undefined, added: readonly AddedToken[]): string | null {
  if (steps === undefined) return 'its steps are not known'
  if (!isBytePairModel(steps.model)) return 'its model is no byte-pair encoding without dropout'
  if (!isByteLevel(steps.decoder)) return 'its decoder is not byte-level'
  if (!flatten(steps.postProcessor, 'processors').every(leavesOffsets)) return 'its post-processor moves offsets'
  const normalisers = normalisersIn(steps)
  if (!normalisers.every(({ type }) => type === 'NFC')) return 'its normaliser is another one than NFC'
  if (added.some(({ lstrip, rstrip, singleWord }) => lstrip || rstrip || singleWord)) {
    return 'an added token takes in the space around it, or stands for whole words only'
  }
  if (normalisers.length > 0 && added.some(({ normalized }) => normalized)) return 'an added token is normalised first'
  return null
}

/** The normalisers of a tokeniser, one by one; an empty sequence of them is none. */
export const normalisersIn = (steps: TokenizerSteps | undefined): readonly Step[] =>
  flatten(steps?.normalizer, 'normalizers')

type Step = Readonly<Record<string, unknown>>

function flatten(step: unknown, inner: string): readonly Step[] {
  if (step === null || step === undefined) return []
  const found = step as Step
  const steps = found[inner]
  return found['type'] === 'Sequence' && Array.isArray(steps) ? steps.flatMap((each) => flatten(each, inner)) : [found]
}

function isBytePairModel(model: Step): boolean {
  const none = (name: string): boolean => model[name] === undefined || model[name] === null || model[name] === ''
  return (
    (model['type'] === 'BPE' || model['type'] === undefined) &&
    ['dropout', 'unk_token', 'continuing_subword_prefix', 'end_of_word_suffix'].every(none) &&
    model['byte_fallback'] !== true
  )
}

const isByteLevel = (decoder: unknown): boolean => (decoder as Step | null)?.['type'] === 'ByteLevel'

const leavesOffsets = ({ type, trim_offsets: trims }: Step): boolean =>
  type === 'TemplateProcessing' || (type === 'ByteLevel' && trims === false)
