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
