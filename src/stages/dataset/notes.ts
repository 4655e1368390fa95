import { z } from 'zod'

/** A line about something that a reader should know of a sample, or of what became of it. */
export const Note = z.object({
  /** The sample; the trajectory where no sample was made; the dataset where it concerns all. */
  sample: z.string(),
  /**
   * Stable: `special-token-text`, `parts-joined`, `reasoning-not-shown`, `cut-by-limit`, `straddling-token`,
   * `character-cut`, `thread-left-out`, `nothing-trains`, `history-rewritten`, `windows`, `weight-not-kept`, `cut-by-review`, `excluded`,
   * `answer-appended`, `tokenizer-fallback`, `tokenizer-whole`.
   */
  code: z.string(),
  message: z.string(),
})
export type Note = z.infer<typeof Note>

/** The notes that a dataset's manifest keeps. */
export const notesIn = (manifest: Readonly<Record<string, unknown>>): readonly Note[] =>
  z.array(Note).catch([]).parse(manifest['notes'])
