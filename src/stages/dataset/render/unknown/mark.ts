import { done, failed, type Result } from '../../../../nouns/index.js'
import type { Templates } from '../marked.js'
import type { CompiledTemplate } from '../template.js'
import { noStopKnown } from './disagreement.js'

/** Said of a template that is taken as it is: what it prints for each conversation is proved for itself. */
const BY_PROOF = 'unknown'

/** A template of no known family, without markers. Failure: `template.unproved` where no stop token of the model is known. */
export function markUnknown(
  source: string,
  original: CompiledTemplate,
  variables: Readonly<Record<string, string>>,
  stops: readonly string[],
): Result<Templates> {
  if (stops.length === 0) return failed(noStopKnown)
  const family = { family: BY_PROOF, source, stops, form: {}, nextTags: null }
  return done({ family, original, marked: original, variables })
}
