import type { Message, Trajectory } from '../../src/nouns/index.js'

/** A finished run of one thread, as simple as one can be. */
export const trajectoryOf = (
  id: string,
  messages: readonly Message[],
  change: Partial<Trajectory> = {},
): Trajectory => ({
  format: 'limi.trajectory/1',
  id,
  source: { kind: 'built-in', agent: 'test', model: 'test' },
  tags: {},
  threads: [{ id: 'main', messages: [...messages] }],
  asides: [],
  tools: {},
  rounds: [],
  outcome: { status: 'success', by: 'checks' },
  complete: true,
  ...change,
})
