import { randomBytes } from 'node:crypto'

const TAG = /\{%(-?)\s*(end)?generation\s*(-?)%\}/g

/** Where one `{% generation %}` block lies in the rendered text: UTF-16 units, half-open. */
export interface Block {
  readonly start: number
  readonly end: number
}

/** Names of the variables that a marked template prints; outside limi they are undefined and print nothing. */
export const MARK_VARIABLES = { open: 'limi_open', close: 'limi_close', message: 'limi_message' } as const

export const hasGenerationTags = (template: string): boolean => template.search(TAG) >= 0

/**
 * `{% generation %}` tags as blocks that print a mark: the engine drops the tags themselves.
 * A block tag before and after keeps Jinja's whitespace control (`-`, trim_blocks, lstrip_blocks) as it was.
 */
export function withMarks(template: string): string {
  return template.replace(TAG, (_tag, left: string, end: string | undefined, right: string) => {
    const variable = end === undefined ? MARK_VARIABLES.open : MARK_VARIABLES.close
    return `{%${left} if true %}{{ ${variable} }}{% endif ${right}%}`
  })
}

/** A block with the message mark that stands before it: the how manyth, from 0; −1 where none does. */
export interface MarkedBlock extends Block {
  readonly message: number
}

/** Texts that no conversation holds, fresh for each rendering. */
export interface Marks {
  readonly nonce: string
  readonly variables: Readonly<Record<string, string>>
}

export function freshMarks(): Marks {
  const nonce = `\u0001${randomBytes(12).toString('hex')}`
  return {
    nonce,
    variables: {
      [MARK_VARIABLES.open]: `${nonce}O`,
      [MARK_VARIABLES.close]: `${nonce}C`,
      [MARK_VARIABLES.message]: `${nonce}M`,
    },
  }
}

export interface Unmarked {
  readonly text: string
  readonly blocks: readonly MarkedBlock[]
  /** Where each message begins; empty where the template does not say. */
  readonly messageStarts: readonly number[]
}

/** Cuts the marks out again; null where they are not in pairs. */
export function cutMarks(rendered: string, marks: Marks): Unmarked | null {
  const blocks: MarkedBlock[] = []
  const messageStarts: number[] = []
  const [first = '', ...pieces] = rendered.split(marks.nonce)
  const texts = [first]
  let at = first.length
  let open: number | null = null
  for (const piece of pieces) {
    const kind = piece[0]
    if (kind === 'M') messageStarts.push(at)
    if (kind === 'O') {
      if (open !== null) return null
      open = at
    }
    if (kind === 'C') {
      if (open === null) return null
      blocks.push({ start: open, end: at, message: messageStarts.length - 1 })
      open = null
    }
    texts.push(piece.slice(1))
    at += piece.length - 1
  }
  return open === null ? { text: texts.join(''), blocks, messageStarts } : null
}
