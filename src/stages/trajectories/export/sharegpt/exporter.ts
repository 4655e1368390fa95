import { conversationOf } from '../conversation.js'
import type { TrajectoryExporter } from '../exporter.js'
import { toolOut, withoutObject } from '../messages/index.js'
import { fieldsOf } from '../../import/values.js'
import { turnsOf, type Turn } from './turns.js'

/**
 * ShareGPT as LLaMA-Factory reads it: `conversations` of `from` and `value`, the system prompt as their first turn, `tools` as JSON text
 * (hiyouga/LLaMA-Factory, data/README.md). It has no place for ids of calls or for weights of messages.
 */
export const sharegptExport: TrajectoryExporter = {
  format: 'sharegpt',
  layout: 'lines',
  write: (trajectory) => {
    const { messages, tools } = conversationOf(trajectory)
    return JSON.stringify({
      ...fieldsOf(trajectory.extra?.['sharegpt']),
      conversations: turnsOf(messages),
      ...(tools.length === 0 ? {} : { tools: JSON.stringify(tools.map(toolOut)) }),
    })
  },
  warnings: (trajectory) => {
    const { messages } = conversationOf(trajectory)
    const named = withoutObject(messages)
    const broken = placeOutOfTurn(turnsOf(messages))
    return [
      ...(named.length === 0
        ? []
        : [`${trajectory.id}: arguments that are no JSON object stand in quotes: ${named.join(', ')}`]),
      ...(broken === null ? [] : [`${trajectory.id}: LLaMA-Factory skips this sample: ${broken}`]),
    ]
  },
}

const ASKING = new Set(['human', 'observation'])

/** Turns must alternate between what is said to the model and what it says, and end with it; else the whole sample is skipped. */
function placeOutOfTurn(turns: readonly Turn[]): string | null {
  const said = turns[0]?.from === 'system' ? turns.slice(1) : turns
  const isSystem = (turn: Turn): boolean => turn.from === 'system'
  const wrong = said.findIndex((turn, at) => isSystem(turn) || ASKING.has(turn.from) !== (at % 2 === 0))
  if (wrong !== -1) return `turn ${turns.length - said.length + wrong + 1} (${said[wrong]?.from ?? ''}) is out of turn`
  return said.length % 2 === 0 ? null : 'it does not end with a turn of the model'
}
