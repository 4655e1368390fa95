import type { Failure } from '../../nouns/index.js'
import type { TurnEnd } from '../agents/index.js'
import type { ProcessEnd } from '../sandboxes/index.js'

/** How a program's turn ended, before it is known what it asked its model. */
export interface Ending extends Pick<TurnEnd, 'stop' | 'cause' | 'failure'> {
  /** How it ended and the last of what it printed, for whoever asks why it failed. */
  readonly said: string
}

/** Of what a program prints, the last of it is kept. */
const TAIL_CHARACTERS = 2000

export async function tailOf(stream: AsyncIterable<Buffer | string>): Promise<string> {
  let tail = ''
  for await (const chunk of stream) tail = (tail + String(chunk)).slice(-TAIL_CHARACTERS)
  return tail.trim()
}

/** A turn that was over when the process was. */
export function endingOf(end: ProcessEnd, tail: string): Ending {
  const said = `it ended (${end.exitCode ?? 'by a signal'}): ${tail.slice(-300)}`
  if (end.timedOut) return { stop: 'time-limit', cause: 'timeout', said }
  if (end.limit !== undefined) return { stop: 'failed', cause: 'agent', failure: overLimit(end.limit), said }
  return { stop: 'answered', cause: null, said }
}

export const overLimit = (limit: string): Failure => ({
  kind: 'underway',
  code: 'agent.limit',
  message: `it met the sandbox's limit of ${limit}`,
})

export const NO_CALL_YET = (said: string): Failure => ({
  kind: 'underway',
  code: 'agent.no-call',
  message: `it asked its model nothing; ${said}`,
  remedy: 'run it by hand with `limi record` to see what it wants',
})
