import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { unwrap, type TrajectoryEvent, type Usage } from '../../nouns/index.js'
import type { AgentSession, Launch, TurnEnd } from '../agents/index.js'
import { NO_USAGE } from '../models/index.js'
import { startRecorder, type Recorder } from '../recorder/index.js'
import type { ProcessSpec, Sandbox } from '../sandboxes/index.js'
import { NO_CALL_YET, type Ending } from './ending.js'
import type { ProgramSetting } from './setting.js'
import { watchedModel } from './watched-model.js'

/** How a program is talked to: a turn is over when what this gives is known. */
export interface Conversation {
  send(text: string, round: number): Promise<Ending>
  close(): Promise<void>
}

/** What a program is started with, so that its calls go to the recorder. */
export interface Recording {
  /** A process of the sandbox with these words, put after the program's name by whoever starts it. */
  readonly args: readonly string[]
  readonly spec: Omit<ProcessSpec, 'command'>
}

/**
 * A session of a program: its recorder is open as long as it, and all that its calls say is told to the sink when it is closed.
 *
 * @param converse starts to talk to the program
 */
export async function openRecorded(
  setting: ProgramSetting,
  converse: (recording: Recording) => Conversation | Promise<Conversation>,
): Promise<AgentSession> {
  const { context, home } = setting
  const folder = context.evidence ?? (await mkdtemp(path.join(os.tmpdir(), 'limi-program-')))
  const file = path.join(folder, 'recorded.jsonl')
  const roundStarts: string[] = []
  const recorder = unwrap(await recorderFor(setting, folder, file, () => Math.max(1, roundStarts.length)))
  await fillHome(context.sandbox, home)
  const conversation = await converse(recordingOf(setting, recorder))
  let before = NO_USAGE
  return {
    async send(text, round): Promise<TurnEnd> {
      roundStarts.push(new Date().toISOString())
      const ending = await conversation.send(text, round)
      const recorded = unwrap(await recorder.soFar())
      const usage = less(recorded.usage, before)
      before = recorded.usage
      return { answer: recorded.answer, usage, ...turnEndOf(ending, recorded.calls, context.signal) }
    },
    async close() {
      await conversation.close()
      const outcome = { status: 'unknown', by: 'none' } as const
      await recorder.close({ rounds: [], roundStarts, outcome, whole: true })
      for (const event of await eventsIn(file)) await context.sink.append(event)
      await rm(context.evidence === undefined ? folder : file, { recursive: true, force: true })
    },
  }
}

function recorderFor(setting: ProgramSetting, folder: string, file: string, roundNow: () => number) {
  const { name, launcher, context } = setting
  const model = watchedModel(context, roundNow)
  return startRecorder({
    ...{ folder, file, agent: launcher.name, command: [name] },
    header: {
      type: 'header',
      format: 'limi.trajectory/1',
      id: 'recorded',
      source: { kind: 'recorded', agent: name, model: model.name },
      tags: {},
    },
    routes: launcher.routes({}).map((route) => ({ name: route.name, upstream: { kind: 'model', model } })),
    warn: () => undefined,
  })
}

function recordingOf(setting: ProgramSetting, recorder: Recorder): Recording {
  const { launcher, context, env } = setting
  const launch = launcher.launch({ urlOf: (route) => recorder.urlOf(route), model: context.model.name, env: {} })
  const [anyRoute = ''] = launcher.routes({}).map(({ name }) => name)
  return {
    args: launch.args,
    spec: {
      env: { PATH: pathFor(setting), ...definedIn(launch.env), ...env },
      port: Number(new URL(recorder.urlOf(anyRoute)).port),
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    },
  }
}

const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin'

const pathFor = ({ path: own, context }: ProgramSetting): string => `${own}:${context.sandbox.path ?? SYSTEM_PATH}`

function turnEndOf(
  { stop, cause, failure, said }: Ending,
  calls: number,
  signal: AbortSignal | undefined,
): Pick<TurnEnd, 'stop' | 'cause' | 'failure'> {
  if (signal?.aborted === true) return { stop: 'aborted', cause: null }
  if (stop === 'answered' && calls === 0) return { stop: 'failed', cause: 'infrastructure', failure: NO_CALL_YET(said) }
  return { stop, cause, ...(failure === undefined ? {} : { failure }) }
}

/** What the sink is told: all but what the loop of rounds writes itself. */
async function eventsIn(file: string): Promise<readonly TrajectoryEvent[]> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n').slice(1)
  const events = lines.map((line) => JSON.parse(line) as TrajectoryEvent)
  return events.filter(({ type }) => type === 'tools' || type === 'thread' || type === 'message' || type === 'aside')
}

async function fillHome(sandbox: Sandbox, home: ProgramSetting['home']): Promise<void> {
  for (const [name, content] of Object.entries(home)) {
    const bytes = Buffer.from(content).toString('base64')
    await sandbox.exec(`mkdir -p ~/'${path.posix.dirname(name)}' && base64 -d > ~/'${name}' <<< '${bytes}'`)
  }
}

const definedIn = (env: Launch['env']): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

const less = (all: Usage, before: Usage): Usage => ({
  inputTokens: all.inputTokens - before.inputTokens,
  outputTokens: all.outputTokens - before.outputTokens,
})
