import { field, fieldsOf, listIn, omit, readJson, textIn, type Fields } from '../../json/index.js'
import { errorWords } from '../error-words.js'
import type { Block } from './block.js'

/** What came of a message, whole or cut. */
export interface Received {
  /** The message without its content. */
  readonly head: Fields
  readonly blocks: readonly Block[]
  /** The text of each block's `input` as it came; undefined where the block itself holds all of it. */
  readonly inputs: readonly (string | undefined)[]
  /** Whether its last event came. */
  readonly complete: boolean
  readonly error?: string
  /** Events and deltas of kinds that are not known. */
  readonly unknown: readonly unknown[]
}

interface Growing {
  readonly block: Record<string, unknown>
  readonly citations: unknown[]
  /** The text of the block's input as far as it came. */
  input: string
  isWhole: boolean
}

/** Puts a message together from the events of its stream, as the official client does, and keeps texts that this one parses. */
export class Receiver {
  #head: Fields = {}
  #complete = false
  #error: string | undefined
  readonly #blocks = new Map<unknown, Growing>()
  readonly #unknown: unknown[] = []

  take(event: unknown): void {
    const index = field(event, 'index')
    const type = field(event, 'type')
    if (type === 'message_start') this.#begin(fieldsOf(field(event, 'message')))
    else if (type === 'content_block_start') this.#open(index, fieldsOf(field(event, 'content_block')))
    else if (type === 'content_block_delta') this.#grow(event)
    else if (type === 'content_block_stop') this.#close(index)
    else if (type === 'message_delta') this.#amend(fieldsOf(event))
    else if (type === 'message_stop') this.#end(fieldsOf(event))
    else if (type === 'error') this.#error = errorWords(event)
    else if (type !== 'ping') this.#unknown.push(event)
  }

  received(): Received {
    const grown = [...this.#blocks.values()].filter((one) => one.isWhole || hasContent(one))
    const inputs = grown.map(inputOf)
    return {
      head: this.#head,
      blocks: grown.map(blockOf),
      inputs,
      complete: this.#complete && this.#error === undefined,
      ...(this.#error === undefined ? {} : { error: this.#error }),
      unknown: this.#unknown,
    }
  }

  #begin(message: Fields): void {
    this.#head = omit(message, 'content')
    for (const [at, block] of listIn(message, 'content').entries()) {
      this.#open(at, fieldsOf(block))
      this.#close(at)
    }
  }

  #open(index: unknown, block: Fields): void {
    if (typeof block['type'] !== 'string') this.#unknown.push({ index, content_block: block })
    else
      this.#blocks.set(index, {
        block: { ...block },
        citations: [...listIn(block, 'citations')],
        input: '',
        isWhole: false,
      })
  }

  #close(index: unknown): void {
    const growing = this.#blocks.get(index)
    if (growing !== undefined) growing.isWhole = true
  }

  #grow(event: unknown): void {
    const growing = this.#blocks.get(field(event, 'index'))
    const delta = field(event, 'delta')
    if (growing === undefined || !added(growing, delta)) this.#unknown.push(event)
  }

  #end(event: Fields): void {
    this.#complete = true
    this.#head = { ...this.#head, ...omit(event, 'type') }
  }

  /** Counts are of the whole message so far; one that is null says nothing. */
  #amend(event: Fields): void {
    const usage = Object.entries(fieldsOf(event['usage'])).filter(([, count]) => count !== null)
    this.#head = {
      ...this.#head,
      ...omit(event, 'type', 'delta', 'usage'),
      ...fieldsOf(event['delta']),
      usage: { ...fieldsOf(this.#head['usage']), ...Object.fromEntries(usage) },
    }
  }
}

/** False for a delta of an unknown kind. */
function added(growing: Growing, delta: unknown): boolean {
  const { block, citations } = growing
  const text = (name: string): string => textIn(delta, name) ?? ''
  switch (field(delta, 'type')) {
    case 'text_delta':
      block['text'] = (textIn(block, 'text') ?? '') + text('text')
      return true
    case 'thinking_delta':
      block['thinking'] = (textIn(block, 'thinking') ?? '') + text('thinking')
      return true
    case 'signature_delta':
      block['signature'] = text('signature')
      return true
    case 'input_json_delta':
      growing.input += text('partial_json')
      return true
    case 'citations_delta':
      citations.push(field(delta, 'citation'))
      return true
    case 'compaction_delta':
      block['content'] = (textIn(block, 'content') ?? '') + text('content')
      block['encrypted_content'] = field(delta, 'encrypted_content') ?? block['encrypted_content']
      return true
    default:
      return false
  }
}

/** An empty beginning that was cut says nothing; a call says at least its name. */
function hasContent({ block }: Growing): boolean {
  const said = (name: string): boolean => (textIn(block, name) ?? '') !== ''
  if (block['type'] === 'text') return said('text')
  return block['type'] !== 'thinking' || said('thinking') || said('signature')
}

function blockOf({ block, citations, input }: Growing): Block {
  const cited = citations.length === 0 ? {} : { citations }
  return { ...block, ...cited, ...(input === '' ? {} : { input: valueOf(input) }) } as Block
}

/** Undefined where the block itself holds all of its input. */
function inputOf({ block, input, isWhole }: Growing): string | undefined {
  if (input !== '') return input
  const isEmpty = Object.keys(fieldsOf(block['input'])).length === 0
  return isWhole || !isEmpty ? undefined : ''
}

/** What is no JSON stays the text that it is. */
const valueOf = (text: string): unknown => (readJson(text) ?? { value: text }).value
