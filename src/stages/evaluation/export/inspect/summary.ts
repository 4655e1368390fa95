import type { LogScore } from './scores.js'

/** What of a text stands in a summary; Inspect cuts there too. */
const SHOWN_CHARACTERS = 1024

interface Facts {
  readonly input: string
  readonly scores?: Readonly<Record<string, LogScore>>
  readonly metadata: Readonly<Record<string, unknown>>
}

/** A sample's facts as its summary has them: a list of thousands is read at once, so what is long stands in the sample alone. */
export function thinned<T extends Facts>({ input, scores, metadata, ...facts }: T) {
  const short = Object.entries(metadata).filter(([, value]) => value === null || typeof value !== 'object')
  const cut = Object.entries(scores ?? {}).map(([name, score]) => [name, thinScore(score)])
  return {
    ...facts,
    input: cutText(input),
    metadata: Object.fromEntries(short),
    ...(scores === undefined ? {} : { scores: Object.fromEntries(cut) as Readonly<Record<string, LogScore>> }),
  }
}

const thinScore = ({ answer, explanation, ...score }: LogScore): LogScore => ({
  ...score,
  ...(answer === undefined ? {} : { answer: cutText(answer) }),
  ...(explanation === undefined ? {} : { explanation: cutText(explanation) }),
})

const cutText = (text: string): string =>
  text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`
