import { field, fieldsOf, isCount, isFields, listIn, omit, textIn, type Fields } from '../../json/index.js'
import { errorWords } from '../error-words.js'

/** What has come of one response: its items by their place, and what else it says of itself. */
export class Received {
  readonly #items = new Map<number, Fields>()
  head: Fields = {}
  complete = false
  error: string | undefined

  /** @param event one of a stream's */
  take(event: unknown): void {
    const type = textIn(event, 'type') ?? ''
    const response = field(event, 'response')
    if (isFields(response)) this.#response(response)
    if (type === 'response.completed' || type === 'response.incomplete') this.complete = true
    if (type === 'response.failed' || type === 'error') this.#fail(type === 'error' ? event : response)
    const index = field(event, 'output_index')
    if (isCount(index)) this.#item(index, type, fieldsOf(event))
  }

  /** In order. */
  items(): readonly Fields[] {
    return [...this.#items].sort(([a], [b]) => a - b).map(([, item]) => item)
  }

  /** Items that a stream told as they came are not told again. */
  #response(response: Fields): void {
    this.head = { ...this.head, ...omit(response, 'output') }
    for (const [index, item] of listIn(response, 'output').entries())
      if (isFields(item) && !this.#items.has(index)) this.#items.set(index, item)
  }

  #fail(said: unknown): void {
    this.complete = true
    const error = field(said, 'error') ?? said
    const code = textIn(error, 'code')
    const words = errorWords({ error: omit(fieldsOf(error), 'type') })
    this.error = code === undefined || words.startsWith(code) ? words : `${code}: ${words}`
  }

  #item(index: number, type: string, event: Fields): void {
    const item = event['item']
    if (isFields(item)) {
      this.#items.set(index, item)
      return
    }
    const change = CHANGES[type]
    if (change === undefined) return
    const before = this.#items.get(index) ?? {}
    this.#items.set(index, change(before, event))
  }
}

type Change = (item: Fields, event: Fields) => Fields

const grown =
  (key: string, type: string): Change =>
  (item, event) => {
    const text = `${textIn(item, key) ?? ''}${textIn(event, 'delta') ?? ''}`
    return { ...item, type: item['type'] ?? type, [key]: text }
  }

/** A text of a list of parts, which the events count by `at`. */
const grownIn =
  (list: string, at: string, type: string, part: string): Change =>
  (item, event) => {
    const parts = [...listIn(item, list)]
    const index = field(event, at)
    const place = isCount(index) && index <= parts.length ? index : parts.length
    parts[place] = {
      ...fieldsOf(parts[place]),
      type: part,
      text: `${textIn(parts[place], 'text') ?? ''}${textIn(event, 'delta') ?? ''}`,
    }
    return { ...item, type: item['type'] ?? type, [list]: parts }
  }

const CHANGES: Readonly<Record<string, Change>> = {
  'response.output_text.delta': grownIn('content', 'content_index', 'message', 'output_text'),
  'response.reasoning_summary_text.delta': grownIn('summary', 'summary_index', 'reasoning', 'summary_text'),
  'response.reasoning_text.delta': grownIn('content', 'content_index', 'reasoning', 'reasoning_text'),
  'response.function_call_arguments.delta': grown('arguments', 'function_call'),
  'response.custom_tool_call_input.delta': grown('input', 'custom_tool_call'),
}
