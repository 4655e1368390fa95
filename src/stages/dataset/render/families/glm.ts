import { MARK_VARIABLES } from '../marks.js'
import { before, goTo, replace } from './edits.js'
import type { Family } from './family.js'

/** Without white-space control, for it stands beside text. */
const MESSAGE = `{{ ${MARK_VARIABLES.message} }}`
const NEXT_TAGS = { afterCalls: '<|observation|>', afterAnswer: '<|user|>' } as const
const PREVIOUS = 'messages[loop.index0 - 1]'
const FOLLOWS_ASSISTANT = `not loop.first and ${PREVIOUS}.role == 'assistant'`

/** A tag that the assistant before emitted as its stop; the message itself begins after it. */
const asStop = (condition: string, tag: string): string =>
  `{% if ${condition} %}{% generation %}${tag}{% endgeneration %}${MESSAGE}{% else %}${MESSAGE}${tag}{% endif %}`

/**
 * GLM-4.5, 4.5-Air and 4.6: the model stops by emitting the tag of whoever speaks next: the user's after an answer, the tools' after a call.
 * Any other tag was put there by others.
 */
const glm45: Family = {
  name: 'glm-4.5',
  edits: [
    goTo('{% for m in messages %}'),
    goTo("{%- if m.role == 'user' -%}"),
    // A block tag would take the line end after it, which is text.
    replace('<|user|>', `${asStop(`${FOLLOWS_ASSISTANT} and not ${PREVIOUS}.tool_calls`, '<|user|>')}{{ '' }}`),
    before('<|assistant|>', MESSAGE),
    before('{%- if loop.index0 > ns.last_user_index and reasoning_content -%}', '{%- generation -%}'),
    before("{%- elif m.role == 'tool' -%}", '{%- endgeneration -%}'),
    replace(
      "{{- '<|observation|>' }}",
      `{%- if ${FOLLOWS_ASSISTANT} and ${PREVIOUS}.tool_calls %}{%- generation %}{{- '<|observation|>' }}{%- endgeneration %}` +
        "{%- else %}{{- '<|observation|>' }}{%- endif %}",
    ),
    before("{{- '\\n<tool_response>\\n' }}", MESSAGE),
    before('<|observation|>', MESSAGE),
    before('<|system|>', MESSAGE),
    goTo('{%- if add_generation_prompt -%}'),
  ],
  stops: [NEXT_TAGS.afterAnswer, NEXT_TAGS.afterCalls],
  nextTags: NEXT_TAGS,
}

export const glm: readonly Family[] = [glm45]
