/**
 * Characters that a reader cannot see, or that change how others are seen: controls (save tab and line feed), formats (zero width, bidi,
 * tags), lone surrogates, unassigned and private ones, separators other than the space, variation selectors, fillers that print nothing.
 */
const UNSEEN = /[^\P{C}\t\n]|[^\P{Z} ]|[\p{Default_Ignorable_Code_Point}\u2800⟦]/gu

/** A text in which every character can be seen: each that cannot stands as `⟦U+200B⟧`, and `⟦` itself as `⟦U+27E6⟧`, so that no two texts look alike. */
export const visible = (text: string): string =>
  text.replace(
    UNSEEN,
    (character) => `⟦U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟧`,
  )

const PIECE_CHARACTERS = 4_096

/** The beginning of {@link visible}, no longer than asked for; no more of the text is looked at than that takes. */
export function visibleHead(text: string, characters: number): string {
  let shown = ''
  for (let at = 0; at < text.length && shown.length < characters;) {
    const piece = head(text.slice(at, at + PIECE_CHARACTERS), PIECE_CHARACTERS - 1)
    shown += visible(piece)
    at += piece.length
  }
  return head(shown, characters)
}

/** The first characters of a text, never half of one. */
export function head(text: string, characters: number): string {
  if (text.length <= characters) return text
  const last = text.charCodeAt(characters - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? characters - 1 : characters)
}
