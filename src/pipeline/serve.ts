import { done, failed, ProjectConfig, type Failure, type Result } from '../nouns/index.js'
import type { Backend } from '../shared/models/index.js'
import { pathsOf, type Project } from '../shared/project/index.js'
import { serveModel } from '../shared/wire/index.js'
import { modelOf } from './models.js'
import type { Run } from './run.js'

export interface ServePlan {
  /** A name of the whole grammar of models. */
  readonly model: string
  readonly port?: number
  readonly host?: string
  readonly backend?: Backend
  /** Environment variable with the key that clients must send. */
  readonly apiKeyEnv?: string
}

/** A model under `limi serve`, as its first line tells of it. */
export interface Serving {
  readonly model: string
  readonly baseUrl: string
}

/** The project, or, where there is none, the current folder as one with nothing in its limi.yaml. */
export async function openForServing(openProject: () => Promise<Result<Project>>): Promise<Result<Project>> {
  const opened = await openProject()
  if (opened.ok || opened.failure.code !== 'project.absent') return opened
  const root = opened.failure.where ?? process.cwd()
  return done({ root, config: ProjectConfig.parse({}), warnings: [], paths: pathsOf(root) })
}

/**
 * Serves a model until the run is aborted, and ends what stands behind it. `ready` is told the address.
 * Failures: those of opening the model, `model.port`, `serve.open`, `serve.key-missing`.
 */
export async function serveUntilStopped(
  run: Run,
  plan: ServePlan,
  ready: (serving: Serving) => void,
): Promise<Result<Serving>> {
  const key = keyOf(plan.apiKeyEnv)
  if (!key.ok) return key
  const opened = await modelOf(run, plan.model, plan.backend)
  if (!opened.ok) return opened
  try {
    const served = await serveModel(opened.value.model, { ...addressOf(plan), apiKey: key.value, log: run.say })
    if (!served.ok) return served
    const serving = { model: served.value.modelName, baseUrl: served.value.baseUrl }
    ready(serving)
    await untilAborted(run.signal)
    await served.value.close()
    return done(serving)
  } finally {
    await opened.value.close()
  }
}

const addressOf = ({ port, host }: ServePlan) => ({
  ...(port === undefined ? {} : { port }),
  ...(host === undefined ? {} : { host }),
})

function keyOf(name: string | undefined): Result<string | undefined> {
  if (name === undefined) return done(undefined)
  const key = process.env[name]
  return key === undefined || key === '' ? failed(keyMissing(name)) : done(key)
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal === undefined) return
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

const keyMissing = (name: string): Failure => ({
  kind: 'missing',
  code: 'serve.key-missing',
  message: `${name} holds no key`,
  where: name,
  remedy: `set ${name} in the environment to the key that clients are to send`,
})
