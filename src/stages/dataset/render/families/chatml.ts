import { MARK_VARIABLES } from '../marks.js'

/** Marked source that might print what an unknown template prints; a battery of conversations decides. */
export interface Candidate {
  readonly family: string
  readonly source: string
  readonly stops: readonly string[]
}

const START = '<|im_start|>'
const STOP = '<|im_end|>'

/**
 * ChatML is written in a hundred ways, so that it is known by what it prints: `probed` is a template's rendering of one user message `probe`,
 * or null where it refuses. What stands before that message is a default system prompt.
 */
export function chatmlCandidates(probed: string | null): readonly Candidate[] {
  const block = `${START}user\nprobe${STOP}\n`
  if (probed?.endsWith(block) !== true) return []
  const prefix = probed.slice(0, -block.length)
  return [
    chatml(prefix, 'chatml', "message['content']"),
    chatml(prefix, 'chatml-trimmed', "(message['content'] | trim)"),
  ]
}

function chatml(prefix: string, family: string, content: string): Candidate {
  const source = [
    '{% for message in messages %}',
    prefix === '' ? '' : `{% if loop.first and messages[0]['role'] != 'system' %}{{ ${asLiteral(prefix)} }}{% endif %}`,
    `{{ ${MARK_VARIABLES.message} }}{{ '${START}' + message['role'] + '\\n' }}`,
    `{% if message['role'] == 'assistant' %}{% generation %}{{ ${content} + '${STOP}' }}{% endgeneration %}`,
    `{% else %}{{ ${content} + '${STOP}' }}{% endif %}{{ '\\n' }}`,
    '{% endfor %}',
    `{% if add_generation_prompt %}{{ '${START}assistant\\n' }}{% endif %}`,
  ].join('')
  return { family, source, stops: [STOP] }
}

const asLiteral = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
