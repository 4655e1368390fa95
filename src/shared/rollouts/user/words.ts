/** Words of a text in lower case, marks and invisible characters gone: what may not be repeated is compared by these. */
export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []

/** Runs of so many words, each as one text. */
export const runsOf = (words: readonly string[], length: number): string[] =>
  words.length < length ? [] : words.slice(length - 1).map((_, at) => words.slice(at, at + length).join(' '))
