import { done, failed, type Result } from '../../../../nouns/index.js'
import type { Block } from '../marks.js'
import {
  ambiguousStop,
  foreignText,
  noStop,
  notAtEnd,
  notOnce,
  stopInside,
  unlike,
  type Place,
} from './disagreement.js'
import type { Case } from './case.js'
import { fit, type Printed } from './fit.js'
import { substitute, textsIn, type Slot, type Substituted, type What } from './sentinels.js'
import { afterStop, withoutStops } from './stops.js'

/** Texts of messages as the real rendering shows them. */
export interface Located {
  readonly substituted: Substituted
  readonly printed: readonly Printed[]
}

/** Finds the texts of some messages in the real rendering. Failure: `template.unproved`, with what stands there instead. */
export function locate({ messages, print, whole }: Case, what: What): Result<Located> {
  const substituted = substitute(messages, what)
  const withSentinels = print(substituted.messages, false)
  if (!withSentinels.ok) return withSentinels
  const fitted = fit(withSentinels.value, substituted, whole)
  return 'printed' in fitted ? done({ substituted, printed: fitted.printed }) : failed(unlike(whole, fitted))
}

/**
 * What one assistant message emitted: from the end of what the model read through the first stop token after the last of the message's
 * texts; nothing but white space and stop tokens may follow it.
 */
export function proveSpan(given: Case, index: number, place: Place, located: Located): Result<Block> {
  const { whole, stops } = given
  const own = located.printed.filter(({ slot }) => slot.message === index).filter((each) => liesIn(each, place))
  const odd = located.substituted.slots.find((slot) => slot.message === index && !isPrintedRightly(slot, own))
  if (odd !== undefined) return failed(notOnce(odd, whole, place))
  const last = own.reduce((furthest, { end }) => Math.max(furthest, end), place.prompt)
  const early = stops.find((stop) => literalsBetween(whole, { start: place.prompt, end: last }, own).includes(stop))
  if (early !== undefined) return failed(stopInside(early, whole, place))
  const kept = textsIn(located.substituted.messages[index])
  const hidden = stops.find((stop) => kept.some((text) => text.includes(stop)))
  if (hidden !== undefined) return failed(ambiguousStop(hidden))
  const tail = whole.slice(last, place.end)
  const length = afterStop(tail, stops)
  if (length === null) return failed(noStop(tail, stops))
  if (withoutStops(tail.slice(length), stops).trim() !== '') return failed(notAtEnd(tail, length))
  const span = { start: place.prompt, end: last + length }
  const foreign = located.printed.find((each) => each.slot.message !== index && overlaps(each, span))
  return foreign === undefined ? done(span) : failed(foreignText(foreign.slot, whole, foreign))
}

/** A text once; reasoning may be left out, which the dataset's notes tell. */
function isPrintedRightly(slot: Slot, own: readonly Printed[]): boolean {
  const times = own.filter((each) => each.slot === slot).length
  return times === 1 || (times === 0 && slot.field === 'reasoning')
}

const liesIn = ({ start, end }: Block, place: Place): boolean => start >= place.prompt && end <= place.end

const overlaps = (one: Block, other: Block): boolean => one.start < other.end && other.start < one.end

/** What the template itself printed in a range; places are in order. */
function literalsBetween(whole: string, range: Block, places: readonly Printed[]): string {
  const literals: string[] = []
  let at = range.start
  for (const { start, end } of places) {
    literals.push(whole.slice(at, start))
    at = end
  }
  return [...literals, whole.slice(at, range.end)].join('\n')
}
