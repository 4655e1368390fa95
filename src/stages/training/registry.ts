import { done, EngineName, failed, type Result } from '../../nouns/index.js'
import { nearest } from '../../shared/project/index.js'
import type { PythonEnvironment } from '../../shared/python/index.js'
import type { TrainingEngine } from './engine.js'
import { trlEngine } from './trl/engine.js'

/** What engines are made with; each takes what it needs. */
export interface EngineSetting {
  readonly cacheRoot: string
  /** Gives the managed Python environment, installing it at need. */
  readonly environment: () => Promise<Result<PythonEnvironment>>
}

/** Every engine, a line each. */
const ENGINES: Readonly<Record<EngineName, (setting: EngineSetting) => Result<TrainingEngine>>> = {
  trl: (setting) => done(trlEngine(setting)),
}

export const engineNames: readonly EngineName[] = EngineName.options

/** An engine by its name. Failure: `engine.unknown`, and what the engine itself asks for. */
export function engineOf(name: string, setting: EngineSetting): Result<TrainingEngine> {
  const known = EngineName.safeParse(name)
  if (known.success) return ENGINES[known.data](setting)
  const guess = nearest(name, engineNames)
  return failed({
    kind: 'input',
    code: 'engine.unknown',
    message: `no training engine is named ${JSON.stringify(name)}${guess === null ? '' : `; did you mean ${guess}?`}`,
    remedy: `choose ${engineNames.join(', ')}`,
  })
}
