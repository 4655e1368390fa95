import type { Message, Part } from '../../../../nouns/index.js'
import type { TrajectoryExporter } from '../exporter.js'
import { weightOf } from '../weight.js'
import type { Fields } from '../../import/values.js'
import { fullReasoning, recordOf } from './record.js'

/**
 * ms-swift's messages (modelscope/ms-swift, docs/source_en/Customization/Custom-dataset.md): `loss` says whether an assistant message
 * trains, `loss_scale` how much. Reasoning stands in the content, between `<think>` tags: every other field of a message is dropped
 * by its preprocessor (swift/dataset/preprocessor/core.py).
 */
export const msSwiftExport: TrajectoryExporter = {
  format: 'ms-swift',
  layout: 'lines',
  readBy: 'openai-messages',
  holdsWeights: true,
  write: (trajectory) => JSON.stringify(recordOf(trajectory, { weightFields, said })),
}

function weightFields(message: Message): Fields {
  if (message.role !== 'assistant') return {}
  const weight = weightOf(message)
  return { loss: weight > 0, ...(weight === 0 || weight === 1 ? {} : { loss_scale: weight }) }
}

function said(message: Message): Fields {
  const { content } = message
  const reasoning = fullReasoning(message)
  if (reasoning === undefined) return { content }
  const thought = `<think>\n${reasoning}\n</think>\n\n`
  const text: Part = { type: 'text', text: thought }
  return { content: typeof content === 'string' ? `${thought}${content}` : [text, ...content] }
}
