/** Answers read at once and in pieces, for tests. */
import fc from 'fast-check'
import type { StopReason } from '../../../../nouns/index.js'
import type { AnswerFormat, Piece, ReadRequest } from '../format.js'

export interface Read {
  readonly content: string
  readonly reasoning: string
  readonly calls: readonly { readonly name: string; readonly arguments: string }[]
  readonly warnings: readonly string[]
}

export const call = (name: string, written: string) => ({ name, arguments: written })

/** Tools of these names; arguments may be anything. */
export const asking = (...names: readonly string[]): ReadRequest => ({
  tools: names.map((name) => ({ name })),
  startsInReasoning: false,
})

export function read(
  format: AnswerFormat,
  chunks: readonly string[],
  request: ReadRequest = asking('f', 'g'),
  reason: StopReason = 'stop',
): Read {
  const reader = format.open(request)
  return gathered([...chunks.flatMap((chunk) => reader.feed(chunk)), ...reader.end(reason)])
}

function gathered(pieces: readonly Piece[]): Read {
  const textOf = (type: 'text' | 'reasoning'): string =>
    pieces.map((piece) => (piece.type === type ? piece.text : '')).join('')
  return {
    content: textOf('text'),
    reasoning: textOf('reasoning'),
    calls: pieces.flatMap((piece) =>
      piece.type === 'toolCall' ? [{ name: piece.name, arguments: piece.arguments }] : [],
    ),
    warnings: pieces.flatMap((piece) => (piece.type === 'warning' ? [piece.text] : [])),
  }
}

/** Places to cut a text at, as fractions of it. */
export const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 })

export function cutAt(text: string, fractions: readonly number[]): readonly string[] {
  const places = [...new Set(fractions.map((one) => Math.round(one * text.length)))].sort((a, b) => a - b)
  return [0, ...places].map((place, index) => text.slice(place, places[index] ?? text.length))
}
