import type { Sample } from '../../../nouns/index.js'

/** JSON lines of ids and labels, as both engines' files hold them. */
export const linesOf = (samples: readonly Sample[]): string =>
  samples.map(({ input_ids, labels }) => `${JSON.stringify({ input_ids, labels })}\n`).join('')
