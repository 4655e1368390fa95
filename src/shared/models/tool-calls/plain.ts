import type { AnswerFormat } from './format.js'
import { taggedReader } from './tagged.js'

/** Text, with reasoning in `<think>` where a model writes that; calls are not told apart. */
export const plain: AnswerFormat = {
  name: 'plain',
  readsCalls: false,
  marksAreSpecial: false,
  open: (request) => taggedReader(null, request),
}
