import { MARK_VARIABLES } from '../marks.js'

/** One change to a template: `find` becomes `put`. It is looked for after the place of the edit before. */
export interface Edit {
  readonly find: string
  readonly put: string
}

/** The template with all edits, or null where an anchor is not there. */
export function applyEdits(source: string, edits: readonly Edit[]): string | null {
  const pieces: string[] = []
  let from = 0
  for (const { find, put } of edits) {
    const at = source.indexOf(find, from)
    if (at < 0) return null
    pieces.push(source.slice(from, at), put)
    from = at + find.length
  }
  return [...pieces, source.slice(from)].join('')
}

/** Begins what belongs to a message; prints nothing outside limi. */
export const MESSAGE = `{{- ${MARK_VARIABLES.message} }}`

export const replace = (find: string, put: string): Edit => ({ find, put })
export const before = (find: string, what: string): Edit => ({ find, put: what + find })
export const after = (find: string, what: string): Edit => ({ find, put: find + what })
/** Only moves on to a place. */
export const goTo = (find: string): Edit => ({ find, put: find })
