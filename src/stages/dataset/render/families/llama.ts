import { after, before, goTo, MESSAGE, replace, type Edit } from './edits.js'
import type { Family } from './family.js'

const STOPS = ['<|eot_id|>', '<|eom_id|>']
const ASSISTANT = "'<|start_header_id|>assistant<|end_header_id|>\\n\\n'"

/** Llama 3: every message alike. */
const llama3: Family = {
  name: 'llama-3',
  edits: [
    after('{% for message in loop_messages %}', MESSAGE),
    replace(
      '{{ content }}',
      "{% if message['role'] != 'assistant' %}{{ content }}{% else %}" +
        `{% if loop.index0 == 0 %}{{ bos_token }}{% endif %}{{ ${ASSISTANT} }}` +
        "{% generation %}{{ message['content'] | trim + '<|eot_id|>' }}{% endgeneration %}{% endif %}",
    ),
  ],
  stops: STOPS,
}

const HEADER = "{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'"
const BODY = "message['content'] | trim + '<|eot_id|>' }}"

/** The system message, or a first user message that carries the tools, stands outside the loop. */
const beforeCalls: readonly Edit[] = [
  after("{%- if messages[0]['role'] == 'system' %}", MESSAGE),
  before("{{- '<|start_header_id|>user<|end_header_id|>\\n\\n' -}}", MESSAGE),
  after('{%- for message in messages %}', MESSAGE),
  replace(
    `${HEADER}+ ${BODY}`,
    `${HEADER} }}{%- if message['role'] == 'assistant' %}{%- generation %}{{- ${BODY}{%- endgeneration %}` +
      `{%- else %}{{- ${BODY}{%- endif %}`,
  ),
]

const CALL_HEADER = `{{- ${ASSISTANT} -}}`
const BUILTIN = '{%- if builtin_tools is defined and tool_call.name in builtin_tools %}'

/** Llama 3.1 and 3.3: with the tools of `ipython` mode. */
const llama31: Family = {
  name: 'llama-3.1',
  edits: [
    ...beforeCalls,
    before(BUILTIN, `${CALL_HEADER}{%- generation %}`),
    replace(CALL_HEADER, ''),
    replace(CALL_HEADER, ''),
    goTo('{{- "<|eot_id|>" }}'),
    after('{%- endif %}', '{%- endgeneration %}'),
  ],
  stops: STOPS,
}

/** Llama 3.2. */
const llama32: Family = {
  name: 'llama-3.2',
  edits: [
    ...beforeCalls,
    after(CALL_HEADER, '{%- generation %}'),
    after('{{- "<|eot_id|>" }}', '{%- endgeneration %}'),
  ],
  stops: STOPS,
}

export const llama: readonly Family[] = [llama31, llama32, llama3]
