import { habitsNamed } from '../../agents/index.js'
import type { CallAssembler } from './assembler.js'
import type { ScribePlan } from './note.js'
import type { RecordingMeans } from './recording.js'

/** How calls are read and put together. */
export function meansFor(plan: ScribePlan, warn: (line: string) => void): RecordingMeans {
  return { habits: habitsNamed(plan.agent), assembler: collector(plan), warn }
}

function collector({ header }: ScribePlan): CallAssembler {
  let calls = 0
  return {
    add: () => void (calls += 1),
    events: (end) => [header, ...(end === undefined ? [] : [{ type: 'end' as const }])],
    recorded: () => ({
      ...{ calls, threads: 0, messages: 0, toolCalls: 0, asides: 0, whole: true, model: 'unknown', answer: '' },
      usage: { inputTokens: 0, outputTokens: 0 },
      oddities: [],
    }),
  }
}
