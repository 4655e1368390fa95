import { trimEnd, trimStart } from '../engine/whitespace.js'
import type { Slot, Substituted } from './sentinels.js'

/** Where a template printed a text: UTF-16 units of the rendering, half-open. */
export interface Printed {
  readonly slot: Slot
  readonly start: number
  readonly end: number
}

interface Fit {
  readonly printed: readonly Printed[]
}

/** What was expected and not found, at a place of the real rendering. */
export interface Misfit {
  readonly at: number
  readonly expected: string
}

type Piece = { readonly literal: string } | { readonly slot: Slot; readonly forms: readonly string[] }

/**
 * Puts the texts back into a rendering of sentinels, each as it is, trimmed or as JSON escapes it, so that it is the real rendering to the
 * last character; else says how far that went.
 */
export function fit(withSentinels: string, { slots, pattern }: Substituted, whole: string): Fit | Misfit {
  const pieces = piecesOf(withSentinels, slots, pattern)
  const failed = new Set<string>()
  let furthest: Misfit = { at: 0, expected: '' }
  const tried: { readonly start: number; form: number }[] = []
  let at = 0
  for (;;) {
    const piece = pieces[tried.length]
    if (piece === undefined && at === whole.length) return { printed: printedIn(pieces, tried) }
    const form = piece === undefined ? null : nextForm(piece, whole, at, 0)
    if (piece !== undefined && form !== null && !failed.has(`${tried.length} ${at}`)) {
      tried.push({ start: at, form })
      at += lengthOf(piece, form)
      continue
    }
    if (at >= furthest.at) furthest = { at, expected: piece === undefined ? '' : textOf(piece, 0) }
    const back = stepBack(pieces, tried, whole, failed)
    if (back === null) return furthest
    at = back
  }
}

/** Takes the last choice that has another way; null where there is none. */
function stepBack(
  pieces: readonly Piece[],
  tried: { readonly start: number; form: number }[],
  whole: string,
  failed: Set<string>,
): number | null {
  for (let last = tried.pop(); last !== undefined; last = tried.pop()) {
    const piece = pieces[tried.length]
    if (piece === undefined) continue
    const form = nextForm(piece, whole, last.start, last.form + 1)
    if (form !== null) {
      tried.push({ start: last.start, form })
      return last.start + lengthOf(piece, form)
    }
    failed.add(`${tried.length} ${last.start}`)
  }
  return null
}

function piecesOf(text: string, slots: readonly Slot[], pattern: RegExp): readonly Piece[] {
  return text.split(pattern).flatMap((part, index): Piece[] => {
    if (index % 2 === 0) return part === '' ? [] : [{ literal: part }]
    const slot = slots[Number(part)]
    return slot === undefined ? [{ literal: part }] : [{ slot, forms: formsOf(slot.text) }]
  })
}

/** How a template may print a text; the text itself first. */
function formsOf(text: string): readonly string[] {
  const withoutLines = (each: string): string => each.replace(/^\n+/, '')
  const withoutLastLines = (each: string): string => each.replace(/(?<!\n)\n+$/, '')
  const starts = [text, trimStart(text), withoutLines(text)]
  const trimmed = starts.flatMap((each) => [each, trimEnd(each), withoutLastLines(each)])
  const escaped = JSON.stringify(text).slice(1, -1)
  return [...new Set([...trimmed, escaped])]
}

const textOf = (piece: Piece, form: number): string => ('literal' in piece ? piece.literal : (piece.forms[form] ?? ''))

const lengthOf = (piece: Piece, form: number): number => textOf(piece, form).length

function nextForm(piece: Piece, whole: string, at: number, from: number): number | null {
  const count = 'literal' in piece ? 1 : piece.forms.length
  for (let form = from; form < count; form += 1) if (whole.startsWith(textOf(piece, form), at)) return form
  return null
}

function printedIn(
  pieces: readonly Piece[],
  tried: readonly { readonly start: number; readonly form: number }[],
): readonly Printed[] {
  return tried.flatMap(({ start, form }, index) => {
    const piece = pieces[index]
    if (piece === undefined || 'literal' in piece) return []
    return [{ slot: piece.slot, start, end: start + lengthOf(piece, form) }]
  })
}
