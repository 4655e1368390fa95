import { done, type Message, type Result, type Thread } from '../../../../nouns/index.js'
import { parseBytes } from '../document.js'
import type { ImportEvent } from '../importer.js'
import { isFields } from '../values.js'
import { contentFrom, type Content, type Spoken } from './content.js'
import type { Shown } from './event.js'
import type { Branch } from './place.js'

/** One content of a history. */
export interface Turn {
  readonly isModels: boolean
  readonly value: unknown
  readonly content: Content
}

export function turnsIn(history: readonly Shown[], where: string): Result<Turn[]> {
  const turns: Turn[] = []
  for (const { bytes } of history) {
    const parsed = parseBytes(bytes, where)
    if (!parsed.ok) return parsed
    const content = contentFrom(parsed.value, where)
    if (!content.ok) return content
    turns.push({ isModels: content.value.role === 'model', value: parsed.value, content: content.value })
  }
  return done(turns)
}

export function isModels({ bytes }: Shown): boolean {
  const parsed = parseBytes(bytes, '')
  return parsed.ok && isFields(parsed.value) && parsed.value['role'] === 'model'
}

export const asRebuilt = (spoken: Spoken): Spoken => ({ ...spoken, origin: 'rebuilt' })

export function parentOf(place: Branch): Thread['parent'] {
  if (place.kind === 'unlinked') return undefined
  const { line, kind } = place
  const relation = kind === 'rebuilt' ? 'compaction' : kind
  const message = (kind === 'edit' ? line.ids[place.from - 1] : undefined) ?? line.last ?? line.ids.at(-1)
  return message === undefined ? undefined : { thread: line.thread, message, relation }
}

export const threadEvent = (id: string, parent: Thread['parent']): ImportEvent => ({
  type: 'thread',
  id,
  ...(parent === undefined ? {} : { parent }),
})

export const messageEvent = (thread: string, message: Message): Extract<ImportEvent, { type: 'message' }> => ({
  type: 'message',
  thread,
  message,
})
