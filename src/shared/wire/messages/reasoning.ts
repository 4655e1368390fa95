import type { Message } from '../../../nouns/index.js'
import { omit } from '../../json/index.js'
import { KIND, UNSIGNED } from '../marks.js'
import { reasoningKind } from '../reasoning-kind.js'
import type { Block } from './block.js'

type Reasoning = NonNullable<Message['reasoning']>

const BETWEEN = '\n\n'

export interface Thought {
  readonly reasoning?: Reasoning
  /** What one reasoning field cannot hold of several blocks: each without its text, whose length in characters stands for it. */
  readonly blocks?: readonly unknown[]
}

/** `thinking` and `redacted_thinking` blocks; a model of another maker may stand behind this interface. */
export function reasoningFrom(blocks: readonly Block[], model: string): Thought {
  if (blocks.length === 0) return {}
  const texts = blocks.map(textOf)
  const text = texts.filter((one) => one !== '').join(BETWEEN)
  const [first] = blocks
  const signed = blocks.map(signatureOf).find((one) => one !== undefined)
  const signature = signed === undefined ? {} : { signature: signed }
  const kind = blocks.map(kindOf).find((one) => one !== undefined)
  const reasoning: Reasoning =
    text === ''
      ? { kind: 'hidden', ...signature }
      : { text, kind: kind ?? reasoningKind({ model, signed: signed !== undefined }), ...signature }
  const whole = blocks.length === 1 && first !== undefined && isPlain(first)
  if (whole) return { reasoning }
  return { reasoning, blocks: blocks.map((block, at) => ({ ...withoutText(block), length: (texts[at] ?? '').length })) }
}

const textOf = (block: Block): string => (typeof block['thinking'] === 'string' ? block['thinking'] : '')

function signatureOf(block: Block): string | undefined {
  const value = block.type === 'redacted_thinking' ? block['data'] : block['signature']
  return typeof value === 'string' && value !== '' && value !== UNSIGNED ? value : undefined
}

function kindOf({ [KIND]: kind }: Block): Reasoning['kind'] | undefined {
  return kind === 'full' || kind === 'summary' || kind === 'hidden' ? kind : undefined
}

function withoutText(block: Block): object {
  return typeof block['thinking'] === 'string' ? omit(block, 'thinking') : block
}

/** Whether a reasoning field holds all of it. */
function isPlain(block: Block): boolean {
  const known = block.type === 'redacted_thinking' ? ['type', 'data'] : ['type', 'thinking', 'signature']
  const strings = known.every((key) => block[key] === undefined || typeof block[key] === 'string')
  const named = kindOf(block) === undefined ? known : [...known, KIND]
  return strings && block['signature'] !== '' && Object.keys(block).every((key) => named.includes(key))
}
