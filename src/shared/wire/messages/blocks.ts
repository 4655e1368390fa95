import type { Part, ToolCall } from '../../../nouns/index.js'
import { omit } from '../../json/index.js'
import type { WireMessage } from '../dialect.js'
import { EXACT } from '../marks.js'
import type { Block, Content } from './block.js'
import { reasoningFrom } from './reasoning.js'

/** How a reader of blocks takes what stands in them. */
export interface BlockReader {
  /** The text of a call's arguments. @param at the block's index in its content */
  argumentsOf(block: Block, at: number): string
  /** Is told of what is odd. */
  odd(kind: 'missing-call-id' | 'bare-text-part'): void
}

/** What the model said. Calls that the provider itself ran (`server_tool_use`) stay parts, with their results. `extra.anthropic.blocks` names the blocks, in order. */
export function assistantMessage(content: Content, model: string, reader: BlockReader): WireMessage {
  const blocks = blocksOf(content, reader)
  const thought = reasoningFrom(blocks.filter(isThinking), model)
  const calls = blocks.flatMap((block, at) => (isToolUse(block) ? [{ block, at }] : []))
  const parts = blocks.filter((block) => !isThinking(block) && !isToolUse(block))
  return {
    role: 'assistant',
    content: typeof content === 'string' ? content : contentFrom(parts),
    ...(thought.reasoning === undefined ? {} : { reasoning: thought.reasoning }),
    ...(calls.length === 0
      ? {}
      : { toolCalls: calls.map(({ block, at }, index) => callFrom(block, { at, index }, reader)) }),
    ...extraOf(content, blocks, thought.blocks === undefined ? {} : { thinking: thought.blocks }),
  }
}

/**
 * What one user message holds, in order: each tool result a message of its own, and what stands beside them another, or several where
 * neighbours are of different speakers.
 * @param speakerOf names who speaks in a text
 */
export function userMessages(content: Content, reader: BlockReader, speakerOf: SpeakerOf = anyone): WireMessage[] {
  if (!Array.isArray(content)) {
    return [{ role: 'user', content: (content as string | null) ?? '', ...extraOf(content, [], {}) }]
  }
  const runs: Block[][] = []
  for (const block of blocksOf(content, reader)) {
    const run = runs.at(-1)
    const together = run?.[0] !== undefined && !isResult(run[0]) && !isResult(block)
    if (together && speakerIn(run[0] as Block, speakerOf) === speakerIn(block, speakerOf)) run.push(block)
    else runs.push([block])
  }
  if (runs.length === 0) return [{ role: 'user', content: [], ...extraOf(content, [], {}) }]
  return runs.map((run) => {
    const [first] = run as [Block]
    return isResult(first) ? resultFrom(first) : { role: 'user', content: contentFrom(run), ...extraOf(run, run, {}) }
  })
}

export type SpeakerOf = (text: string) => string

const anyone: SpeakerOf = () => ''
const speakerIn = (block: Block, speakerOf: SpeakerOf): string =>
  block.type === 'text' && typeof block['text'] === 'string' ? speakerOf(block['text']) : speakerOf('')

function resultFrom(block: Block): WireMessage {
  const { tool_use_id: id, content, is_error: isError } = block
  const isText = typeof content === 'string'
  const isParts = Array.isArray(content) && content.every(isPart)
  const held: string[] = ['type', ...(isText || isParts ? ['content'] : [])]
  if (typeof id === 'string') held.push('tool_use_id')
  if (typeof isError === 'boolean') held.push('is_error')
  const rest = omit(block, ...held)
  return {
    role: 'tool',
    content: isText || isParts ? content : '',
    ...(typeof id === 'string' ? { toolCallId: id } : {}),
    ...(typeof isError === 'boolean' ? { isError } : {}),
    ...extraOf([block], [block], Object.keys(rest).length === 0 ? {} : { result: rest }),
  }
}

function callFrom(block: Block, { at, index }: { at: number; index: number }, reader: BlockReader): ToolCall {
  const { id, name } = block
  const isId = typeof id === 'string'
  const isName = typeof name === 'string'
  if (!isId) reader.odd('missing-call-id')
  const rest = omit(block, 'type', 'input', EXACT, ...(isId ? ['id'] : []), ...(isName ? ['name'] : []))
  const exact = block[EXACT]
  return {
    id: isId ? id : `call${index}`,
    name: isName ? name : '',
    arguments: typeof exact === 'string' ? exact : reader.argumentsOf(block, at),
    ...(Object.keys(rest).length === 0 ? {} : { extra: { anthropic: rest } }),
  }
}

function blocksOf(content: Content, reader: BlockReader): Block[] {
  if (!Array.isArray(content)) return []
  return content.map((block: Block | string) => {
    if (typeof block !== 'string') return block
    reader.odd('bare-text-part')
    return { type: 'text', text: block }
  })
}

/** One plain text is text; anything else stays the list that it was. */
function contentFrom(parts: readonly Block[]): string | Part[] {
  const [only] = parts
  if (only === undefined) return ''
  if (parts.length > 1 || only.type !== 'text' || typeof only['text'] !== 'string') return [...parts]
  return Object.keys(only).length === 2 ? only['text'] : [only]
}

function extraOf(
  content: Content,
  blocks: readonly Block[],
  more: Record<string, unknown>,
): Pick<WireMessage, 'extra'> {
  if (typeof content === 'string') return {}
  const shape = Array.isArray(content) ? { blocks: blocks.map((block) => block.type) } : { content: null }
  return { extra: { anthropic: { ...shape, ...more } } }
}

const isThinking = (block: Block): boolean => block.type === 'thinking' || block.type === 'redacted_thinking'
const isToolUse = (block: Block): boolean => block.type === 'tool_use'
const isResult = (block: Block): boolean => block.type === 'tool_result'
const isPart = (value: unknown): value is Part =>
  value !== null && typeof value === 'object' && typeof (value as Part).type === 'string'
