import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import {
  BoundedLog,
  endProcess,
  interrupted,
  offlineVariables,
  supervise,
  type Ended,
  type PythonEnvironment,
  type Supervised,
} from '../../python/index.js'
import { dialectOf, type Dialect } from '../tool-calls/index.js'
import { launchOf, type Backend } from './backends.js'
import { templateIn } from './template.js'

export interface ServeOptions {
  /** Model folder, absolute; also the model's name in requests. */
  readonly folder: string
  /** Where `transformers` is. */
  readonly environment: Pick<PythonEnvironment, 'python'>
  /** Default: `transformers`. */
  readonly backend?: Backend
  readonly cacheRoot: string
  readonly logFile: string
  readonly signal?: AbortSignal
  /** How long loading may take. Default 180,000. */
  readonly readyTimeoutMs?: number
}

/** A model folder behind an OpenAI-style endpoint (chat completions, streamed) on the loopback. It gives raw text. */
export interface ServedCheckpoint {
  /** For example `http://127.0.0.1:41234/v1`. */
  readonly baseUrl: string
  readonly modelName: string
  /** How the model's answers are read. */
  readonly dialect: Dialect
  /** What each request carries besides. */
  readonly extraBody: Readonly<Record<string, unknown>>
  /** Why it does not answer any more; null while it does. */
  readonly problem: () => Promise<Failure | null>
  close(): Promise<void>
}

/**
 * Starts a server for a model folder and waits until it answers. It ends with this process.
 * Failures: `server.died` and `server.slow` with the last lines of its log, `server.not-installed`, `interrupted`.
 */
export async function serveCheckpoint(options: ServeOptions): Promise<Result<ServedCheckpoint>> {
  const { folder, backend = 'transformers' } = options
  const port = await freePort()
  const dialect = dialectOf(await templateIn(folder))
  const { python } = options.environment
  const keepSpecialTokens = dialect.format.marksAreSpecial
  const launch = await launchOf(backend, { folder, port, python, keepSpecialTokens })
  if (!launch.ok) return launch
  const log = new BoundedLog(options.logFile)
  const env = { ...offlineVariables(options.cacheRoot), ...launch.value.env }
  const server = watch(supervise({ ...launch.value, env, log }))
  const problem = await untilReady(server, port, options)
  if (problem !== null) {
    await endProcess(server, 'SIGKILL', 0)
    return failed(describe(problem, log))
  }
  return done({
    baseUrl: `http://127.0.0.1:${String(port)}/v1`,
    modelName: folder,
    dialect,
    extraBody: launch.value.extraBody,
    problem: async () => {
      // A process that was just killed has closed its port before its end is told.
      await sleep(100)
      if (server.state.ended !== undefined) return describe({ kind: 'died', ended: server.state.ended }, log)
      return (await isHealthy(port)) ? null : describe({ kind: 'sick' }, log)
    },
    async close() {
      await endProcess(server, 'SIGTERM', 5_000)
    },
  })
}

interface Watched extends Supervised {
  readonly state: { readonly ended?: Ended }
}

function watch(server: Supervised): Watched {
  const state: { ended?: Ended } = {}
  void server.ended.then((ended) => (state.ended = ended))
  return { ...server, state }
}

type Problem = { readonly kind: 'died'; readonly ended: Ended } | { readonly kind: 'slow' | 'sick' | 'aborted' }

async function untilReady(server: Watched, port: number, options: ServeOptions): Promise<Problem | null> {
  const deadline = Date.now() + (options.readyTimeoutMs ?? 180_000)
  while (Date.now() < deadline) {
    if (options.signal?.aborted === true) return { kind: 'aborted' }
    if (server.state.ended !== undefined) return { kind: 'died', ended: server.state.ended }
    if (await isHealthy(port)) return null
    await sleep(150)
  }
  return { kind: 'slow' }
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${String(port)}/health`, { signal: AbortSignal.timeout(2_000) })
    return response.ok
  } catch {
    return false
  }
}

function describe(problem: Problem, log: BoundedLog): Failure {
  if (problem.kind === 'aborted') return interrupted('the model server was stopped while it loaded')
  const what = {
    died: () => `the model server ended (${problem.kind === 'died' ? causeOf(problem.ended) : ''})`,
    slow: () => 'the model server did not answer in time',
    sick: () => 'the model server does not answer any more',
  }[problem.kind]()
  return {
    kind: 'underway',
    code: problem.kind === 'slow' ? 'server.slow' : 'server.died',
    message: `${what}; it last said:\n${log.tail(10)}`,
    where: log.file,
    remedy: 'see the log; `limi doctor` checks the Python environment',
  }
}

const causeOf = ({ code, signal, error }: Ended): string => signal ?? error?.message ?? `status ${String(code)}`

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
