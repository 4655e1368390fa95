import type { AnswerFormat } from './format.js'
import { deepseek } from './deepseek.js'
import { glm45 } from './glm45.js'
import { harmony } from './harmony.js'
import { hermes } from './hermes.js'
import { llama3 } from './llama3.js'
import { mistral } from './mistral.js'
import { plain } from './plain.js'
import { qwen3Coder } from './qwen3-coder.js'

/** What a chat template tells of the answers that it leads to. */
export interface Dialect {
  readonly format: AnswerFormat
  /** Whether the template shows tools to the model. */
  readonly takesTools: boolean
  /** Whether its generation prompt opens `<think>`, so that the answer begins inside. */
  readonly startsInReasoning: boolean
}

/** Reads a chat template for the marks that its family writes; a model's name decides nothing. */
export function dialectOf(template: string): Dialect {
  const code = template.replace(/\{#[^]*?#\}/g, '')
  return { format: formatOf(code), takesTools: takesTools(code), startsInReasoning: opensReasoning(code) }
}

function formatOf(template: string): AnswerFormat {
  const has = (mark: string): boolean => template.includes(mark)
  if (has('<|channel|>') && has('<|message|>')) return harmony
  if (has('<tool_call>') && has('<arg_key>')) return glm45
  if (has('<tool_call>') && has('<function=')) return qwen3Coder
  if (has('<tool_call>') && has('"arguments"')) return hermes
  if (has('<｜tool▁calls▁begin｜>')) return deepseek
  if (has('[TOOL_CALLS]')) return mistral
  if (has('<|python_tag|>')) return llama3
  return plain
}

/** A mention inside a text does not count, only one in code. */
function takesTools(template: string): boolean {
  const code = (template.match(/\{%[^]*?%\}|\{\{[^]*?\}\}/g) ?? []).join('\n')
  return /\b(custom_)?tools\b/.test(code.replace(/'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"/g, ''))
}

/** What a template does only where a caller sets something of its own, which none does here. */
const UNSET = /\{%-?\s*if\s+\w+ is defined and [^%]*%\}[^]*?(?=\{%-?\s*(?:else|endif)\b)/g

function opensReasoning(template: string): boolean {
  const prompt = template.slice(template.lastIndexOf('add_generation_prompt')).replace(UNSET, '')
  return prompt.split('<think>').length > prompt.split('</think>').length
}
