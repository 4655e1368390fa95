import type { Score } from '../../nouns/index.js'
import { NEUTRAL_FEEDBACK } from '../scoring/index.js'
import type { FeedbackSaid } from './feedback.js'

/** The scorer's own feedback, or a neutral sentence where it has none. */
export const scorersWords = ({ feedback }: Score): FeedbackSaid => ({
  text: feedback ?? NEUTRAL_FEEDBACK,
  by: 'scorer',
  tries: [],
})
