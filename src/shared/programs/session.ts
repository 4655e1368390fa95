import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { unwrap, type Failure, type ProgramConfig, type TrajectoryEvent, type Usage } from '../../nouns/index.js'
import {
  HEADLESS,
  launcherNamed,
  type AgentContext,
  type AgentLauncher,
  type AgentSession,
  type TurnEnd,
} from '../agents/index.js'
import { NO_USAGE } from '../models/index.js'
import { startRecorder, type Recorder } from '../recorder/index.js'
import type { ProcessEnd, ProcessSpec, Sandbox, SandboxProcess } from '../sandboxes/index.js'
import type { Program } from './program.js'

export interface ProgramSetting {
  readonly config: ProgramConfig
  readonly program: Program
  readonly context: AgentContext
  readonly spawn: (spec: ProcessSpec) => Promise<SandboxProcess>
}

/** Of what a program prints, the last of it is kept for whoever asks why it failed. */
const TAIL_CHARACTERS = 2000

/** A session of a program: its recorder is open as long as it. What it said and did is told to the sink when the session is closed. */
export async function openProgramSession(setting: ProgramSetting): Promise<AgentSession> {
  const { config, context } = setting
  const launcher = launcherNamed(config.kind)
  if (launcher === undefined) throw new Error(`no launcher ${config.kind}`)
  const folder = context.evidence ?? (await mkdtemp(path.join(os.tmpdir(), 'limi-program-')))
  const file = path.join(folder, 'recorded.jsonl')
  const recorder = unwrap(await recorderFor(setting, launcher, folder, file))
  await fillHome(context.sandbox, config)
  const roundStarts: string[] = []
  let before = NO_USAGE
  return {
    async send(text, round) {
      roundStarts.push(new Date().toISOString())
      const run = await runProgram(setting, launcher, recorder, text, round)
      const recorded = unwrap(await recorder.soFar())
      const usage = less(recorded.usage, before)
      before = recorded.usage
      return { answer: recorded.answer, usage, ...endingOf(run, recorded.calls, context.signal) }
    },
    async close() {
      const outcome = { status: 'unknown', by: 'none' } as const
      await recorder.close({ rounds: [], roundStarts, outcome, whole: true })
      for (const event of await eventsIn(file)) await context.sink.append(event)
      await rm(context.evidence === undefined ? folder : file, { recursive: true, force: true })
    },
  }
}

function recorderFor({ config, context }: ProgramSetting, launcher: AgentLauncher, folder: string, file: string) {
  const { model } = context
  return startRecorder({
    ...{ folder, file, agent: config.kind, command: [config.kind] },
    header: {
      type: 'header',
      format: 'limi.trajectory/1',
      id: 'recorded',
      source: { kind: 'recorded', agent: config.kind, model: model.name },
      tags: {},
    },
    routes: launcher.routes({}).map(({ name }) => ({ name, upstream: { kind: 'model', model } })),
    warn: () => undefined,
  })
}

interface ProgramRun {
  readonly end: ProcessEnd
  /** The last of what it printed. */
  readonly tail: string
}

async function runProgram(
  { config, program, context, spawn }: ProgramSetting,
  launcher: AgentLauncher,
  recorder: Recorder,
  text: string,
  round: number,
): Promise<ProgramRun> {
  const { first, again, env } = HEADLESS[config.kind]
  const launch = launcher.launch({ urlOf: (route) => recorder.urlOf(route), model: context.model.name, env: {} })
  const [anyRoute = ''] = launcher.routes({}).map(({ name }) => name)
  const running = await spawn({
    command: [program.file, ...launch.args, ...(round === 1 ? first : again), ...config.args],
    env: { PATH: `${program.path}:/usr/local/bin:/usr/bin:/bin`, ...env, ...definedIn(launch.env) },
    port: Number(new URL(recorder.urlOf(anyRoute)).port),
    timeoutMs: config.maxSeconds * 1000,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  })
  running.stdin.end(text)
  const [out, err, end] = await Promise.all([tailOf(running.stdout), tailOf(running.stderr), running.ended])
  if (context.evidence !== undefined)
    await writeFile(path.join(context.evidence, `round-${round}.log`), `${out}\n--- stderr\n${err}\n`)
  return { end, tail: err === '' ? out : err }
}

function endingOf(
  { end, tail }: ProgramRun,
  calls: number,
  signal: AbortSignal | undefined,
): Pick<TurnEnd, 'stop' | 'cause' | 'failure'> {
  if (signal?.aborted === true) return { stop: 'aborted', cause: null }
  if (end.timedOut) return { stop: 'time-limit', cause: 'timeout' }
  if (end.limit !== undefined) return { stop: 'failed', cause: 'agent', failure: overLimit(end.limit) }
  if (calls === 0) return { stop: 'failed', cause: 'infrastructure', failure: saidNothing(end, tail) }
  return { stop: 'answered', cause: null }
}

/** What the sink is told: all but what the loop of rounds writes itself. */
async function eventsIn(file: string): Promise<readonly TrajectoryEvent[]> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n').slice(1)
  const events = lines.map((line) => JSON.parse(line) as TrajectoryEvent)
  return events.filter(({ type }) => type === 'tools' || type === 'thread' || type === 'message' || type === 'aside')
}

async function fillHome(sandbox: Sandbox, { kind }: ProgramConfig): Promise<void> {
  for (const [name, content] of Object.entries(HEADLESS[kind].home)) {
    const bytes = Buffer.from(content).toString('base64')
    await sandbox.exec(`mkdir -p ~/'${path.posix.dirname(name)}' && base64 -d > ~/'${name}' <<< '${bytes}'`)
  }
}

const definedIn = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

async function tailOf(stream: AsyncIterable<Buffer | string>): Promise<string> {
  let tail = ''
  for await (const chunk of stream) tail = (tail + String(chunk)).slice(-TAIL_CHARACTERS)
  return tail.trim()
}

const less = (all: Usage, before: Usage): Usage => ({
  inputTokens: all.inputTokens - before.inputTokens,
  outputTokens: all.outputTokens - before.outputTokens,
})

const saidNothing = ({ exitCode }: ProcessEnd, tail: string): Failure => ({
  kind: 'underway',
  code: 'agent.no-call',
  message: `it ended (${exitCode ?? 'by a signal'}) without asking its model anything: ${tail.slice(-300)}`,
  remedy: 'run it by hand with `limi record` to see what it wants',
})

const overLimit = (limit: string): Failure => ({
  kind: 'underway',
  code: 'agent.limit',
  message: `it met the sandbox's limit of ${limit}`,
})
