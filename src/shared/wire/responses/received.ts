import {
  field,
  fieldsOf,
  isCount,
  isFields,
  listIn,
  omit,
  rawFields,
  rawItems,
  textIn,
  type Fields,
} from '../../json/index.js'
import { errorWords } from '../error-words.js'
import { actionOf, type ReceivedItem } from './actions.js'
import { changed } from './changes.js'

/** What has come of one response: its items by their place, and what else it says of itself. */
export class Received {
  readonly #items = new Map<number, ReceivedItem>()
  /** Items that came as a whole. */
  readonly #whole = new Set<number>()
  head: Fields = {}
  complete = false
  error: string | undefined
  /** Pieces of something that is not known. */
  readonly unknown: unknown[] = []

  /** @param event one of a stream's @param text of the event */
  take(event: unknown, text: string): void {
    const type = textIn(event, 'type') ?? ''
    const response = field(event, 'response')
    if (type === 'response.completed' || type === 'response.incomplete') this.complete = true
    if (type === 'response.failed' || type === 'error') this.#fail(type === 'error' ? event : response)
    if (isFields(response)) this.#response(response, () => rawFields(text).get('response') ?? '')
    const index = field(event, 'output_index')
    if (isCount(index)) this.#item(index, type, fieldsOf(event), text)
    else if (field(event, 'delta') !== undefined) this.unknown.push(event)
  }

  /** A document. */
  takeWhole(document: Fields, text: string): void {
    if (document['status'] === 'failed') this.#fail(document)
    else this.complete = true
    this.#response(document, () => text)
  }

  /** In order. */
  items(): readonly ReceivedItem[] {
    return [...this.#items].sort(([a], [b]) => a - b).map(([, item]) => item)
  }

  /** Items that a stream told as wholes are not told again. */
  #response(response: Fields, text: () => string): void {
    this.head = { ...this.head, ...omit(response, 'output') }
    const texts = listIn(response, 'output').some((item) => actionOf(item) !== undefined)
      ? rawItems(rawFields(text()).get('output') ?? '')
      : []
    for (const [index, item] of listIn(response, 'output').entries())
      if (isFields(item) && !this.#whole.has(index)) this.#items.set(index, wholeItem(item, texts[index]))
  }

  #fail(said: unknown): void {
    this.complete = true
    const error = field(said, 'error') ?? said
    const code = textIn(error, 'code')
    const words = errorWords({ error: omit(fieldsOf(error), 'type') })
    this.error = code === undefined || words.startsWith(code) ? words : `${code}: ${words}`
  }

  #item(index: number, type: string, event: Fields, text: string): void {
    const item = event['item']
    if (isFields(item)) {
      const isWhole = type === 'response.output_item.done'
      if (isWhole) this.#whole.add(index)
      this.#items.set(index, isWhole ? wholeItem(item, rawFields(text).get('item')) : begunItem(item))
      return
    }
    if (this.#whole.has(index)) return
    const after = changed(this.#items.get(index) ?? { item: {} }, type, event)
    if (after !== null) this.#items.set(index, after)
    else if (event['delta'] !== undefined) this.unknown.push(event)
  }
}

function wholeItem(item: Fields, text = ''): ReceivedItem {
  const name = actionOf(item)
  const action = name === undefined ? undefined : rawFields(text).get(name)
  return { item, ...(action === undefined ? {} : { action }) }
}

/** An action may say more when its item is whole. */
const begunItem = (item: Fields): ReceivedItem => ({ item, ...(actionOf(item) === undefined ? {} : { action: '' }) })
