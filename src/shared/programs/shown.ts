import { realpathSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'

/** Of a project, what an agent may see: nothing that says how it is scored, or what others did. */
const HIDDEN = ['queries', 'trajectories', 'recordings', 'reviews', 'evaluations', 'limi.yaml', '.limi']

/** Places of this machine that are shown to an agent, none of which may hold the project, or somebody's home. Failure: `agent.shows-too-much`. */
export function shown(places: readonly string[], root: string): Result<readonly string[]> {
  const closed = [os.homedir(), root, ...HIDDEN.map((name) => path.join(root, name))].map(realOf)
  for (const place of places) {
    const real = realOf(place)
    const isWithin = closed.slice(2).some((one) => contains(one, real))
    if (isWithin || closed.some((one) => contains(real, one))) return failed(tooMuch(place))
  }
  return done([...new Set(places)])
}

const contains = (outer: string, inner: string): boolean =>
  outer === inner || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`)

function realOf(place: string): string {
  try {
    return realpathSync(place)
  } catch {
    return path.resolve(place)
  }
}

const tooMuch = (place: string): Failure => ({
  kind: 'input',
  code: 'agent.shows-too-much',
  message: 'the agent would see the project with what scores it, or a whole home',
  where: place,
  remedy: 'put what it needs into a folder of its own, and name that',
})
