import { after, before, goTo, MESSAGE, replace } from './edits.js'
import type { Family } from './family.js'

/** Tools and the system prompt stand beside the last user message, so that every round rewrites the one before. */
const mistral = (name: string, calls: string, content: string): Family => ({
  name,
  edits: [
    after('{%- if messages[0]["role"] == "system" %}', MESSAGE),
    goTo('{{- bos_token }}'),
    after('{%- for message in loop_messages %}', MESSAGE),
    before(`{{- "${calls}" }}`, '{%- generation %}'),
    before('{%- elif message["role"] == "assistant" %}', '{%- endgeneration %}'),
    replace(`{{- ${content} + eos_token}}`, `{%- generation %}{{- ${content} + eos_token}}{%- endgeneration %}`),
  ],
  stops: ['</s>'],
})

/** Mistral's templates by the version of their tokeniser. */
export const mistrals: readonly Family[] = [
  mistral('mistral-v3-tekken', '[TOOL_CALLS][', 'message["content"]'),
  mistral('mistral-v3', '[TOOL_CALLS] [', '" " + message["content"]|trim'),
]
