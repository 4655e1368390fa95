import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { trimmed, type AgentLauncher, type Environment } from '../../../shared/agents/index.js'
import type { OpenModel } from '../../../shared/models/index.js'
import type { RecorderRoute, Upstream } from '../../../shared/recorder/index.js'
import { modelOf } from '../../models.js'
import type { Run } from '../../run.js'

/** Who answers an agent while it is recorded. */
export interface Answering {
  readonly routes: readonly RecorderRoute[]
  /** The name that the agent is to send, where a model answers in place of its own. */
  readonly model?: string
  close(): Promise<void>
}

/**
 * The agent's own upstreams, or one for all of its routes: a model by the grammar of names, or the base URL of an API of the same
 * dialect. Failures: those of opening a model; `record.loop` where the agent already speaks through a recorder.
 */
export async function answeringFor(
  run: Run,
  launcher: AgentLauncher,
  env: Environment,
  upstream: string | undefined,
): Promise<Result<Answering>> {
  const own = launcher.routes(env)
  if (upstream === undefined) {
    const looped = own.find(({ baseUrl }) => RECORDED.test(baseUrl))
    if (looped !== undefined) return failed(loop(looped.baseUrl))
    return done({
      routes: own.map(({ name, baseUrl }) => ({ name, upstream: { kind: 'pass', baseUrl: trimmed(baseUrl) } })),
      close: async () => undefined,
    })
  }
  const routesTo = (one: Upstream): RecorderRoute[] => own.map(({ name }) => ({ name, upstream: one }))
  if (/^https?:\/\//i.test(upstream))
    return done({ routes: routesTo({ kind: 'pass', baseUrl: trimmed(upstream) }), close: async () => undefined })
  const opened: Result<OpenModel> = await modelOf(run, upstream)
  if (!opened.ok) return opened
  const { model } = opened.value
  return done({ routes: routesTo({ kind: 'model', model }), model: upstream, close: () => opened.value.close() })
}

/** What a recorder's own address looks like: a path token on loopback. */
const RECORDED = /^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\//

const loop = (where: string): Failure => ({
  kind: 'input',
  code: 'record.loop',
  message: 'this shell already speaks through a recorder of limi',
  where,
  remedy: 'run it in a shell without these variables',
})
