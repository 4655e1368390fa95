import { after, before, goTo, MESSAGE, replace, type Edit } from './edits.js'
import type { Family } from './family.js'

const STOPS = ['<|im_end|>']

/** The first system message stands in the head of the template, with the tools; the loop passes it over. */
const head: readonly Edit[] = [
  before('{%- if tools %}', `{%- if messages[0].role == 'system' %}${MESSAGE}{%- endif %}`),
  after('{%- for message in messages %}', `{%- if not loop.first or message.role != 'system' %}${MESSAGE}{%- endif %}`),
]

const PROMPT = "{{- '<|im_start|>' + message.role + '\\n' }}"
const PROMPT_AND_CONTENT = "{{- '<|im_start|>' + message.role + '\\n' + content }}"
const THINKING = "{{- '<|im_start|>' + message.role + '\\n<think>\\n' +"
const SHOWS_THINKING = 'loop.index0 > ns.last_query_index'
const STOP_LINE = replace("{{- '<|im_end|>\\n' }}", "{{- '<|im_end|>' }}{%- endgeneration %}{{- '\\n' }}")
const ASSISTANT = goTo('{%- elif message.role == "assistant" %}')

const qwen3Edits = (prompt: string, thinking: string): readonly Edit[] => [
  ...head,
  ASSISTANT,
  before(`{%- if ${SHOWS_THINKING} %}`, `${prompt}{%- generation %}`),
  replace(THINKING, thinking),
  replace(PROMPT_AND_CONTENT, '{{- content }}'),
  replace(PROMPT_AND_CONTENT, '{{- content }}'),
  STOP_LINE,
]

/** Qwen3 of April 2025: the model itself opens `<think>`. */
const qwen3: Family = { name: 'qwen3', edits: qwen3Edits(PROMPT, "{{- '<think>\\n' +"), stops: STOPS }

/** Qwen3 Thinking (2507): the generation prompt opens `<think>`, so that the model did not. */
const qwen3Thinking: Family = {
  name: 'qwen3-thinking',
  edits: [
    ...qwen3Edits(
      `${PROMPT}{%- if ${SHOWS_THINKING} and (loop.last or reasoning_content) %}{{- '<think>\\n' }}{%- endif %}`,
      '{{-',
    ),
    goTo("{{- '<|im_start|>assistant\\n<think>\\n' }}"),
  ],
  stops: STOPS,
}

/** Qwen3 Instruct (2507): no reasoning. */
const qwen3Instruct: Family = {
  name: 'qwen3-instruct',
  edits: [...head, ASSISTANT, replace(PROMPT_AND_CONTENT, `${PROMPT}{%- generation %}{{- content }}`), STOP_LINE],
  stops: STOPS,
}

const CONTENT_AND_STOP = "{{- message.content + '<|im_end|>' }}"

/** Qwen2.5: the line end after the role belongs to the prompt, also where the template prints it with what follows. */
const qwen25: Family = {
  name: 'qwen2.5',
  edits: [
    ...head,
    replace(
      "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}",
      `${PROMPT}{%- if message.role == 'assistant' %}{%- generation %}${CONTENT_AND_STOP}{%- endgeneration %}` +
        `{%- else %}${CONTENT_AND_STOP}{%- endif %}{{- '\\n' }}`,
    ),
    ASSISTANT,
    replace("{{- '<|im_start|>' + message.role }}", `${PROMPT}{%- generation %}`),
    replace("{{- '\\n' + message.content }}", '{{- message.content }}'),
    replace(
      '{{- \'\\n<tool_call>\\n{"name": "\' }}',
      "{%- if message.content or not loop.first %}{{- '\\n' }}{%- endif %}{{- '<tool_call>\\n{\"name\": \"' }}",
    ),
    STOP_LINE,
  ],
  stops: STOPS,
}

export const qwen: readonly Family[] = [qwen3Thinking, qwen3, qwen3Instruct, qwen25]
