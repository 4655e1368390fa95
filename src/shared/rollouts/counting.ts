import type { Message } from '../../nouns/index.js'
import type { TrajectorySink } from '../agents/index.js'

export interface Counted {
  /** Model calls answered. */
  readonly turns: number
  /** Actions carried out: results of tool calls and commands. */
  readonly calls: number
}

/** A sink that passes everything on and counts what was said and done, whoever the agent is. */
export function countingSink(sink: TrajectorySink): TrajectorySink & { counted(): Counted } {
  let turns = 0
  let calls = 0
  return {
    async append(event) {
      await sink.append(event)
      if (event.type !== 'message') return
      if (event.message.role === 'assistant') turns += 1
      if (event.message.origin === 'tool') calls += 1
    },
    counted: () => ({ turns, calls }),
  }
}

/** A sink that passes everything on; `seen` grows by every message that was saved. */
export function rememberingSink(sink: TrajectorySink): {
  readonly sink: TrajectorySink
  readonly seen: readonly Message[]
} {
  const seen: Message[] = []
  return {
    seen,
    sink: {
      async append(event) {
        await sink.append(event)
        if (event.type === 'message') seen.push(event.message)
      },
    },
  }
}
