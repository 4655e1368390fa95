/** Calls `word` for each word of `text` from `start` to `end`, in order and without gaps; false where it cannot be sure. */
export type Splitter = (text: string, start: number, end: number, word: WordSink) => boolean

/** Takes the word from `start` to `end`. */
export type WordSink = (start: number, end: number) => void

/** Where the word at `at` ends; −1 where that is unsure. */
export type WordEnd = (text: string, at: number, end: number) => number

/** A splitter of words that follow each other without gaps. */
export const inRow =
  (wordEnd: WordEnd): Splitter =>
  (text, start, end, word) => {
    for (let at = start; at < end;) {
      const next = wordEnd(text, at, end)
      if (next < 0) return false
      word(at, next)
      at = next
    }
    return true
  }
