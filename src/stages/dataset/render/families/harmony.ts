import { after, before, goTo, MESSAGE, replace } from './edits.js'
import type { Family } from './family.js'

const OPEN = '{{- "<|start|>assistant" }}{%- generation %}'
const ANALYSIS = '{{- "<|start|>assistant<|channel|>analysis<|message|>"'
const FINAL = '{{- "<|start|>assistant<|channel|>final<|message|>"'

/** What follows analysis in the same emission opens a message of its own. */
const analysis = (field: 'content' | 'thinking') =>
  replace(
    `${ANALYSIS} + message.${field} + "<|end|>" }}`,
    `{{- "<|channel|>analysis<|message|>" + message.${field} + "<|end|><|start|>assistant" }}`,
  )

/**
 * gpt-oss: one emission is analysis and then a call or an answer, each a message of its own. An answer ends with `<|return|>`; in history
 * the template prints `<|end|>` in its place, which the model did not emit.
 */
const gptOss: Family = {
  name: 'gpt-oss',
  edits: [
    after('{%- if messages[0].role == "developer" or messages[0].role == "system" %}', MESSAGE),
    after('{%- for message in loop_messages -%}', MESSAGE),
    goTo("{%- if message.role == 'assistant' -%}"),
    before('{%- if message.content and message.thinking %}', OPEN),
    analysis('content'),
    analysis('thinking'),
    replace('{{- "<|start|>assistant to=" }}', '{{- " to=" }}'),
    after('{{- "<|call|>" }}', '{%- endgeneration %}'),
    before('{%- if "thinking" in message %}', OPEN),
    analysis('thinking'),
    replace(
      `${FINAL} + message.content + "<|return|>" }}`,
      '{{- "<|channel|>final<|message|>" + message.content + "<|return|>" }}{%- endgeneration %}',
    ),
    replace(
      `${FINAL} + message.content + "<|end|>" }}`,
      `${OPEN}{{- "<|channel|>final<|message|>" + message.content }}{%- endgeneration %}{{- "<|end|>" }}`,
    ),
  ],
  stops: ['<|return|>', '<|call|>'],
}

export const harmony: readonly Family[] = [gptOss]
