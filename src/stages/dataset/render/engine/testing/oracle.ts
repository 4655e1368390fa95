import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ToolDefinition } from '../../../conversation/index.js'
import { askPython } from '../../../testing/ask-python.js'

/** A message whose tool calls hold the text of their arguments. */
export interface RawMessage {
  readonly role: string
  readonly content: string | null
  readonly reasoning_content?: string
  readonly tool_call_id?: string
  readonly tool_calls?: readonly {
    readonly id: string
    readonly type: 'function'
    readonly function: { readonly name: string; readonly arguments: string }
  }[]
}

export interface Case {
  /** Names of the templates to render it by. */
  readonly templates: readonly string[]
  readonly messages: readonly RawMessage[]
  readonly tools?: readonly ToolDefinition[] | null
  /** Special tokens; small templates see values of any kind. */
  readonly variables?: Readonly<Record<string, unknown>>
  readonly prompt?: boolean
}

/** The text that transformers prints, or why it refuses. */
export interface Answer {
  readonly text?: string
  readonly error?: string
}

export const NOW = new Date('2025-03-04T05:06:07Z')

/** What transformers makes of each case by each of its templates, in one run of Python. */
export async function askTransformers(
  templates: ReadonlyMap<string, string>,
  cases: readonly Case[],
): Promise<readonly (readonly Answer[])[]> {
  const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'reference.py')
  const definitions = [...templates].map(([define, source]) => ({ define, source }))
  const answers = await askPython([script], [...definitions, ...cases], { NOW: NOW.toISOString().slice(0, 19) })
  return answers as readonly (readonly Answer[])[]
}
