import type { Message } from '../../../../nouns/index.js'
import { reasoningKind } from '../../../../shared/wire/index.js'
import type { TrajectoryExporter } from '../exporter.js'
import { weightOf } from '../weight.js'
import { fieldsOf, type Fields } from '../../import/values.js'
import { recordOf } from './record.js'
import { conversationOf } from '../conversation.js'

/**
 * `{messages, tools}`, the form in which LIMI's samples were released. Fields that an import kept in `extra.openai` stand where they
 * stood. A message that does not train by its nature has `weight`, as OpenAI's fine-tuning reads it (0 or 1, of assistants).
 */
export const openaiMessagesExport: TrajectoryExporter = {
  format: 'openai-messages',
  layout: 'lines',
  holdsWeights: true,
  write: (trajectory) => {
    const { messages } = conversationOf(trajectory)
    const record = recordOf(trajectory, { weightFields })
    const written = record['messages'] as readonly Fields[]
    return JSON.stringify({
      ...record,
      messages: written.map((fields, at) => {
        const message = messages[at] as Message
        return { ...withOwnFields(fields, message), ...kindFields(fields, trajectory.source.model) }
      }),
      ...(trajectory.source.model === 'unknown' ? {} : { model: trajectory.source.model }),
      ...fieldsOf(trajectory.extra?.['openai']),
    })
  },
}

/** What is written is reasoning in full; it is said where the model's name would tell an import otherwise. */
const kindFields = (fields: Fields, model: string): Fields =>
  fields['reasoning_content'] === undefined || reasoningKind({ model }) === 'full' ? {} : { reasoning_kind: 'full' }

function weightFields(message: Message): Fields {
  const asItsRole = message.role === 'assistant' ? 1 : 0
  const weight = weightOf(message)
  return message.weight === undefined && weight === asItsRole ? {} : { weight }
}

/** What the message had in this form before, null content and fields of its calls among it. */
function withOwnFields(fields: Fields, { content, extra }: Message): Fields {
  const { content: before = content, tool_calls: calls, ...own } = fieldsOf(extra?.['openai'])
  const moreOf = Array.isArray(calls) ? (calls as unknown[]).map(fieldsOf) : []
  const written = fields['tool_calls'] as readonly Fields[] | undefined
  return {
    ...fields,
    content: content === '' ? before : content,
    ...(written === undefined ? {} : { tool_calls: written.map((call, at) => withMore(call, moreOf[at] ?? {})) }),
    ...own,
  }
}

const withMore = (call: Fields, { function: fn, ...more }: Fields): Fields => ({
  ...call,
  ...more,
  function: { ...fieldsOf(call['function']), ...fieldsOf(fn) },
})
