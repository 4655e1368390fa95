import type { Aside, Thread, ToolSpec, Usage } from '../../../nouns/index.js'
import type { AgentHabits } from '../../agents/index.js'
import type { RecordedCall } from '../call.js'
import type { Entry } from './history.js'
import { Placing } from './placing.js'
import { Recording } from './recording.js'
import { writeAsides } from './write-asides.js'
import { writeThreads } from './write-threads.js'

/** What the calls of a session come to. */
export interface Assembled {
  readonly threads: readonly Thread[]
  readonly asides: readonly Aside[]
  /** Tool lists by digest. */
  readonly tools: Readonly<Record<string, readonly ToolSpec[]>>
  /** Of all calls that tell theirs; absent where none does. */
  readonly usage?: Usage
  /** What was odd, a line each. */
  readonly oddities: readonly string[]
}

export interface Assembler {
  /** Takes a call that ended. Ends may come in another order than requests. */
  add(call: RecordedCall): void
  /** What all calls so far come to. A later call may make a turn of what is an aside now, or the other way round. */
  assembled(): Assembled
}

/** Puts threads together from calls: what a model said from responses, what it was shown from requests. */
export function createAssembler(habits: AgentHabits): Assembler {
  const recording = new Recording(habits)
  return {
    add: (call) => recording.add(call),
    assembled() {
      const { entries } = recording
      const placing = new Placing(recording)
      const usage = usageOf(entries)
      return {
        threads: writeThreads(placing, habits),
        asides: writeAsides(entries, placing, habits),
        tools: Object.fromEntries(
          entries.flatMap(({ tools }) => (tools === undefined ? [] : [[tools.digest, tools.list]])),
        ),
        ...(usage === undefined ? {} : { usage }),
        oddities: [...placing.oddities, ...entries.flatMap(odditiesIn(placing))],
      }
    },
  }
}

const odditiesIn =
  (placing: Placing) =>
  (entry: Entry): string[] => {
    const { call, rejoined, system, missing } = entry
    const thread = placing.said.get(entry)?.thread
    const isChanged = thread !== undefined && thread.system.digest !== system.digest
    const share = rejoined === undefined ? '' : `${Math.round(rejoined.share * 100)} %`
    return [
      ...(rejoined === undefined
        ? []
        : [`call ${call.id}: its history was rewritten; ${share} of the answers and results before it are in it`]),
      ...(missing === undefined
        ? []
        : [
            `call ${call.id}: goes on from ${missing}, which the service holds and nobody recorded: its beginning is missing`,
          ]),
      ...(isChanged ? [`call ${call.id}: another system prompt than the first of thread ${thread.id}`] : []),
    ]
  }

function usageOf(entries: readonly Entry[]): Usage | undefined {
  const told = entries.flatMap(({ call }) => call.response?.usage ?? [])
  if (told.length === 0) return undefined
  const sum = (name: keyof Usage): number => told.reduce((total, usage) => total + (usage[name] ?? 0), 0)
  const isTold = (name: keyof Usage): boolean => told.some((usage) => usage[name] !== undefined)
  return {
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    ...(isTold('cachedInputTokens') ? { cachedInputTokens: sum('cachedInputTokens') } : {}),
    ...(isTold('reasoningTokens') ? { reasoningTokens: sum('reasoningTokens') } : {}),
  }
}
