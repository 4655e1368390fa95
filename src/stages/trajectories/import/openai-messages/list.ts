import { failed, type Result } from '../../../../nouns/index.js'
import { inexactNumbersIn, readElements, type Element } from '../../text/index.js'
import { invalid, parseBytes, validate } from '../document.js'
import { itemsOf, type ImportItem } from '../importer.js'
import { Oddities } from '../oddities.js'
import { isFields } from '../values.js'
import { inexactInArguments, trajectoryFrom } from './conversation.js'
import { messageFrom } from './message.js'
import { RawMessage } from './record.js'

interface Item {
  readonly value: Result<unknown>
  readonly where: string
}

/** A list of records, or of bare messages that are one conversation, of any length, in memory that the longest of them bounds. */
export async function* readList(path: string, maxBytes: number): AsyncGenerator<ImportItem> {
  const items = itemsIn(path, maxBytes)
  let index = 0
  for await (const { value, where } of items) {
    if (index === 0 && value.ok && isMessage(value.value)) {
      yield* conversationFrom({ value, where }, items)
      return
    }
    yield* itemsOf(value.ok ? trajectoryFrom(value.value, { index, where }) : value)
    index += 1
  }
}

/** One conversation, told message by message; one that cannot be read spoils it. */
async function* conversationFrom(first: Item, rest: AsyncGenerator<Item>): AsyncGenerator<ImportItem> {
  const oddities = new Oddities()
  const header = { source: { agent: 'unknown', model: 'unknown' } }
  yield { kind: 'begin', index: 0, header, oddities }
  yield { kind: 'event', event: { type: 'thread', id: 'main' } }
  let at = 0
  for (let item: Item | undefined = first; item !== undefined; at += 1) {
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

async function* itemsIn(path: string, maxBytes: number): AsyncGenerator<Item> {
  let number = 0
  for await (const element of readElements(path, { maxElementBytes: maxBytes })) {
    number += 1
    yield element.ok ? itemFrom(element.value, path, number) : { value: element, where: path }
  }
}

function itemFrom({ path: steps, bytes, line, column }: Element, path: string, number: number): Item {
  const where = `${path}:${line}, record ${number}`
  if (steps.length === 0) return { value: failed(invalid(path, 'the list is empty')), where }
  return { value: parseBytes(bytes, path, line, column), where }
}

const isMessage = (value: unknown): boolean => isFields(value) && 'role' in value && !('messages' in value)
