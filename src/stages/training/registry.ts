import { done, EngineName, failed, type Result } from '../../nouns/index.js'
import { nearest } from '../../shared/project/index.js'
import type { PythonEnvironment } from '../../shared/python/index.js'
import type { TrainingEngine } from './engine.js'
import { hostedEngine } from './hosted/index.js'
import { llamafactoryEngine } from './llamafactory/index.js'
import { hostedOptions, noSettings, slimeOptions, type Settings } from './settings.js'
import { slimeEngine } from './slime/index.js'
import { trlEngine } from './trl/index.js'

/** What engines are made with; each takes what it needs. */
export interface EngineContext {
  readonly cacheRoot: string
  /** Gives the managed Python environment, installing it at need. */
  readonly environment: () => Promise<Result<PythonEnvironment>>
  /** What the user told this engine alone, by name, as text. */
  readonly settings: Settings
  /** Where secrets and the places of installed programs come from. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Every engine, a line each. */
const ENGINES: Readonly<Record<EngineName, (context: EngineContext) => Result<TrainingEngine>>> = {
  trl: (context) => made(noSettings('trl', context.settings), () => trlEngine(context)),
  slime: ({ settings, env }) => made(slimeOptions(settings, env), slimeEngine),
  llamafactory: (context) => made(noSettings('llamafactory', context.settings), () => llamafactoryEngine(context)),
  hosted: ({ settings, env }) => made(hostedOptions(settings, env), hostedEngine),
}

function made<T>(options: Result<T>, make: (options: T) => TrainingEngine): Result<TrainingEngine> {
  return options.ok ? done(make(options.value)) : options
}

const NAMES: readonly EngineName[] = EngineName.options

/** An engine by its name. Failures: `engine.unknown`, `engine.setting`. */
export function engineOf(name: string, context: EngineContext): Result<TrainingEngine> {
  const known = EngineName.safeParse(name)
  if (known.success) return ENGINES[known.data](context)
  const guess = nearest(name, NAMES)
  return failed({
    kind: 'input',
    code: 'engine.unknown',
    message: `no training engine is named ${JSON.stringify(name)}${guess === null ? '' : `; did you mean ${guess}?`}`,
    remedy: `choose ${NAMES.join(', ')}`,
  })
}
