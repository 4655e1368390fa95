import { inexactNumbersIn } from '../../text/index.js'
import { validate } from '../document.js'
import type { ImportItem } from '../importer.js'
import { Oddities } from '../oddities.js'
import type { SourceRecord } from '../records.js'
import { isFields } from '../values.js'
import { inexactInArguments } from './conversation.js'
import { messageFrom } from './message.js'
import { RawMessage } from './record.js'

/** A list of bare messages, of any length, is one conversation; a message that cannot be read spoils it. */
export async function* conversationFrom(
  first: SourceRecord,
  rest: AsyncGenerator<SourceRecord>,
): AsyncGenerator<ImportItem> {
  const oddities = new Oddities()
  const header = { source: { agent: 'unknown', model: 'unknown' } }
  yield { kind: 'begin', index: 0, header, oddities }
  yield { kind: 'event', event: { type: 'thread', id: 'main' } }
  let at = 0
  for (let item: SourceRecord | undefined = first; item !== undefined; at += 1) {
    const raw = item.value.ok ? validate(item.value.value, RawMessage, item.where) : item.value
    if (!raw.ok) {
      yield { kind: 'rejected', failure: raw.failure }
      return
    }
    const message = messageFrom(raw.value, at, oddities)
    oddities.count('inexact-number', inexactNumbersIn(raw.value) - inexactInArguments([raw.value]))
    yield { kind: 'event', event: { type: 'message', thread: 'main', message } }
    const next = await rest.next()
    item = next.done === true ? undefined : next.value
  }
  yield { kind: 'event', event: { type: 'outcome', outcome: { status: 'unknown', by: 'source' } } }
  yield { kind: 'end' }
}

/** A message, and no record that holds some. */
export const isMessage = (value: unknown): boolean => isFields(value) && 'role' in value && !('messages' in value)
