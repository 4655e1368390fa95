import type { Section } from './prompt.js'
import { shownPath } from './sheet.js'

/** Shorter quotes are found in every text by chance: they must be a whole line. */
const LEAST_CHARACTERS = 8

/**
 * What is wrong with a quote; null where it stands in the piece of data that it is said to be from. White space counts as one space
 * wherever it stands, and the `| ` before the lines of data may have been copied; all else must be the same, letter for letter.
 */
export function problemOfQuote(sections: readonly Section[], from: string | null, quote: string | null): string | null {
  if (quote === null || quote.trim() === '') return 'no evidence is quoted'
  const section = sections.find((one) => one.kind !== 'request' && isNamed(one, from ?? ''))
  if (section === undefined) return 'the evidence is from nothing that was shown'
  const readings = [spaced(quote), spaced(quote.replace(/^\s*[|@] ?/gmu, ''))]
  const found = readings.find((reading) => reading !== '' && spaced(section.text).includes(reading))
  if (found === undefined) return 'the quoted evidence does not stand there'
  const isLine = section.text.split('\n').some((line) => spaced(line) === found)
  return found.length >= LEAST_CHARACTERS || isLine ? null : 'the quoted evidence is too short to show anything'
}

/** A file is named as it is, as it is shown, or with `./` before it; the answer and the list of names by their words. */
function isNamed({ kind, name }: Section, from: string): boolean {
  const said = from.trim()
  if (kind !== 'file') return said === name
  const shown = shownPath(name)
  return [name, `./${name}`, shown, shown.slice(1, -1)].includes(said)
}

const spaced = (text: string): string => text.replace(/\s+/gu, ' ').trim()
