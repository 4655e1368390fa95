import { done, failed, type Failure, type Result } from '../../../../nouns/index.js'
import type { Block } from '../marks.js'
import type { Turn } from '../turns.js'
import type { Unproved } from '../unproved.js'
import { cueInside, misplaced, rewritten, rewrittenLater, type Place } from './disagreement.js'
import type { Case } from './case.js'
import { locate, proveSpan, type Located } from './prove.js'
import { substitute } from './sentinels.js'

interface ProvedSpans {
  /** In the order of the conversation. */
  readonly spans: readonly (Block & { readonly message: string })[]
  readonly unproved: readonly Unproved[]
}

interface Speaker {
  readonly index: number
  readonly id: string
  /** One that does not train is proved only where that costs nothing. */
  readonly trains: boolean
}

/**
 * Proves the span of each assistant message, first by a rendering with sentinels in place of all texts at once; where the template prints
 * otherwise because of some text, message by message.
 */
export function spansByProof(given: Case, speakers: readonly Speaker[], turns: readonly Turn[]): ProvedSpans {
  const together = locateWith(given, () => true)
  const cue = cueOf(given)
  const spans: ProvedSpans['spans'][number][] = []
  const unproved: Unproved[] = []
  for (const { index, id, trains } of speakers) {
    const place = turns.find(({ message }) => message === id)?.place ?? null
    const isLast = index === given.messages.length - 1
    const proved =
      place === null
        ? failed(isLast ? rewritten(given, index) : rewrittenLater)
        : cue !== '' && given.whole.startsWith(cue, place.prompt)
          ? failed(cueInside(given.whole, place, cue))
          : prove(given, { index, place, trains }, together)
    if (proved.ok) spans.push({ ...proved.value, message: id })
    else unproved.push({ message: id, failure: proved.failure })
  }
  return { spans, unproved }
}

/** What the template prints after a user's message to make the model speak. */
function cueOf({ print }: Case): string {
  const messages = [{ role: 'user', content: 'a' }]
  const [without, asked] = [print(messages, false), print(messages, true)]
  return without.ok && asked.ok && asked.value.startsWith(without.value) ? asked.value.slice(without.value.length) : ''
}

interface Asked {
  readonly index: number
  readonly place: Place
  readonly trains: boolean
}

function prove(given: Case, asked: Asked, together: Result<Located>): Result<Block> {
  const { index, place, trains } = asked
  const first = together.ok ? proveSpan(given, index, place, together.value) : together
  const proved = first.ok || !trains ? first : proveAlone(given, asked, first.failure)
  const { slots } = substitute(given.messages, { message: (each) => each === index, inArguments: true })
  return proved.ok && slots.length === 0 ? standsInTurn(given, asked, proved.value) : proved
}

/** With the texts of this message alone replaced. Where these are in their places, the first failure is told: it saw the whole. */
function proveAlone(given: Case, { index, place }: Asked, failure: Failure): Result<Block> {
  const located = locateWith(given, (each) => each === index)
  if (!located.ok) return located
  const proved = proveSpan(given, index, place, located.value)
  return proved.ok ? proved : failed(failure)
}

/** With sentinels in the arguments of calls, else without: there templates change texts in many ways. */
function locateWith(given: Case, message: (index: number) => boolean): Result<Located> {
  const located = locate(given, { message, inArguments: true })
  return located.ok ? located : locate(given, { message, inArguments: false })
}

/** An empty message leaves nothing to find, so a text put into it must come where its turn begins: a template may print messages in another order. */
function standsInTurn(given: Case, { index, place }: Asked, span: Block): Result<Block> {
  const probe = 'Zq0probe0qZ'
  const messages = given.messages.map((message, each) => (each === index ? { ...message, content: probe } : message))
  const printed = given.print(messages, false)
  if (!printed.ok) return printed
  const before = given.whole.slice(0, place.prompt)
  const [head = '', ...others] = printed.value.split(probe)
  return others.length === 1 && head.startsWith(before) ? done(span) : failed(misplaced(given.whole, place))
}
