import type { DialectName } from '../../../wire/index.js'
import { SimulatedAgent, type Chance } from './agent.js'
import { SimulatedSession, together } from './session.js'

export interface Plan {
  readonly dialect: DialectName
  readonly seed: number
  readonly turns: number
  readonly sessions: number
}

/** Some sessions with names that the vendor gives them; others have none. */
export const someNamed = (chance: Chance, at: number): string | undefined => (chance.oneIn(2) ? undefined : `s${at}`)

/** An agent of which everything that it did in its sessions is known, at once or one after the other. */
export function simulated(
  { dialect, seed, turns, sessions }: Plan,
  nameOf: (chance: Chance, at: number) => string | undefined = someNamed,
): SimulatedAgent {
  const chance = chanceOf(seed)
  const agent = new SimulatedAgent(dialect, chance)
  const runs = Array.from({ length: sessions }, (_, at) =>
    new SimulatedSession(agent, chance, nameOf(chance, at)).run(turns),
  )
  const all = together(runs, chance)
  while (all.next().done !== true);
  return agent
}

function chanceOf(seed: number): Chance {
  let state = seed
  const below = (limit: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39)
    return ((mixed ^ (mixed >>> 16)) >>> 0) % limit
  }
  return { below, oneIn: (times) => below(times) === 0 }
}
