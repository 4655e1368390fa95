import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Failure, type Query, type Result, type TrajectoryHeader } from '../../../nouns/index.js'
import { holdYoungHeapSmall } from '../../../shared/memory/index.js'
import { nearest, takeLock } from '../../../shared/project/index.js'
import { startRecorder, type Recorder, type RecordingEnd } from '../../../shared/recorder/index.js'
import { terminalOn } from '../../../shared/terminal/index.js'
import { digestOfQuery, queryStore } from '../../../stages/queries/index.js'
import { exitCodeOf, playSession, type Ask, type Session } from '../../../stages/trajectories/index.js'
import type { Run } from '../../run.js'
import { agentFor, type FoundAgent } from './agent.js'
import { COMMAND_OR_ENV, NO_QUERY, noSuchQuery, nothingCame } from './failures.js'
import { playRound } from './play.js'
import type { HandOver, RecordedSession, RecordPlan } from './plan.js'
import { answeringFor, type Answering } from './routes.js'
import { workplaceFor, type Workplace } from './workspace.js'

/**
 * Records a person's session with an agent. The project is not locked meanwhile: a recording writes only what is its own. Failures:
 * `record.agent`, `record.command`, `record.nothing`, `record.workspace`, `record.loop`, those of the query, of the model that answers, and of the disk.
 */
export async function recordProject(run: Run, plan: RecordPlan, handOver: HandOver): Promise<Result<RecordedSession>> {
  if ((plan.command.length === 0) !== plan.printEnv) return failed(COMMAND_OR_ENV)
  const agent = agentFor(plan)
  if (!agent.ok) return agent
  const query = await queryFor(run, plan)
  if (!query.ok) return query
  const id = newId(new Date())
  const folder = path.join(run.project.paths.recordings, id)
  const lock = await takeLock(path.join(folder, 'lock'), 'limi record')
  if (!lock.ok) return lock
  try {
    const setting = await settingFor(run, plan, { id, folder, agent: agent.value, query: query.value })
    if (!setting.ok) return await neverBegun(run, id, setting)
    return await recordIn(run, plan, handOver, setting.value).finally(() => setting.value.answering.close())
  } finally {
    await lock.value.release()
  }
}

interface Setting {
  readonly id: string
  readonly folder: string
  readonly agent: FoundAgent
  readonly query: Query | undefined
  readonly place: Workplace | undefined
  readonly answering: Answering
}

async function settingFor(
  run: Run,
  plan: RecordPlan,
  known: Omit<Setting, 'place' | 'answering'>,
): Promise<Result<Setting>> {
  const place = await placeFor(run, plan, known.query, known.folder)
  if (!place.ok) return place
  const answering = await answeringFor(run, known.agent.launcher, process.env, plan.upstream)
  return answering.ok ? done({ ...known, place: place.value, answering: answering.value }) : answering
}

/** The agent's program was not found, or could not be run. */
const NOT_STARTED = 'record.command'

/** Of a recording that could not begin nothing is left. */
async function neverBegun<Failed>({ project }: Run, id: string, failure: Failed): Promise<Failed> {
  await rm(path.join(project.paths.recordings, id), { recursive: true, force: true })
  await rm(path.join(project.paths.trajectories, `${id}.jsonl`), { force: true })
  return failure
}

async function recordIn(
  run: Run,
  plan: RecordPlan,
  handOver: HandOver,
  setting: Setting,
): Promise<Result<RecordedSession>> {
  const { id, folder, agent, answering } = setting
  const file = path.join(run.project.paths.trajectories, `${id}.jsonl`)
  holdYoungHeapSmall()
  const started = await startRecorder({
    folder,
    file,
    header: headerOf(setting),
    agent: agent.launcher.name,
    routes: answering.routes,
    command: plan.command,
    warn: run.warn,
  })
  if (!started.ok) return neverBegun(run, id, started)
  const roundStarts: string[] = []
  const session = await sessionWith(run, plan, handOver, setting, started.value, roundStarts)
  const whole = session.ok && run.signal?.aborted !== true
  const recorded = await started.value.close(endOf(session, roundStarts, whole))
  if (recorded.ok && recorded.value.calls === 0) await rm(file, { force: true })
  if (!session.ok) return session.failure.code === NOT_STARTED ? neverBegun(run, id, session) : session
  if (!recorded.ok) return recorded
  const { calls, oddities, threads, messages, toolCalls, asides } = recorded.value
  for (const line of oddities) run.warn(line)
  if (calls === 0) return failed(nothingCame(agent.launcher, recorded.value, run.signal?.aborted === true))
  return done({
    trajectory: id,
    threads,
    messages,
    toolCalls,
    asides,
    complete: whole && recorded.value.whole,
    outcome: session.value.outcome.status,
    exitCode: exitCodeOf(session.value.end),
  })
}

function sessionWith(
  run: Run,
  plan: RecordPlan,
  handOver: HandOver,
  { agent, query, place, answering }: Setting,
  recorder: Recorder,
  roundStarts: string[],
): Promise<Result<Session>> {
  const stage = { ...agent, recorder, model: answering.model, cwd: place?.folder ?? process.cwd() }
  return playSession({
    play: (round) => {
      roundStarts.push(new Date().toISOString())
      return playRound(run, plan, stage, round, handOver)
    },
    ...(place === undefined ? {} : { score: () => scoreIn(place, recorder) }),
    rounds: plan.rounds,
    ask: process.stdin.isTTY ? askHere : undefined,
    verdict: plan.outcome,
    note: plan.note,
    scoredBy: query?.scoring.kind,
    say: run.say,
  })
}

async function scoreIn(place: Workplace, recorder: Recorder) {
  const recorded = await recorder.soFar()
  return recorded.ok ? place.score(recorded.value.answer) : recorded
}

function endOf(session: Result<Session>, roundStarts: readonly string[], whole: boolean): RecordingEnd {
  if (!session.ok) return { rounds: [], roundStarts, outcome: { status: 'unknown', by: 'person' }, whole }
  const { rounds, outcome, note } = session.value
  return { rounds, roundStarts: rounds.length === 0 ? [] : roundStarts, outcome, note, whole }
}

async function queryFor(run: Run, { query }: RecordPlan): Promise<Result<Query | undefined>> {
  if (query === undefined) return done(undefined)
  const store = queryStore(run.project.paths.queries)
  const found = await store.read(query)
  if (found.ok || found.failure.code !== 'file.absent') return found
  const ids = await store.list()
  return failed(noSuchQuery(query, ids.ok ? nearest(query, ids.value) : null))
}

async function placeFor(
  run: Run,
  plan: RecordPlan,
  query: Query | undefined,
  folder: string,
): Promise<Result<Workplace | undefined>> {
  if (query === undefined) return plan.workspace === undefined ? done(undefined) : failed(NO_QUERY)
  const place = await workplaceFor(run, query, path.resolve(plan.workspace ?? path.join(folder, 'workspace')))
  if (place.ok) run.say(`workspace: ${place.value.folder}\n\n${query.request}\n`)
  return place
}

const headerOf = ({ id, agent, query, place, answering }: Setting): TrajectoryHeader => ({
  type: 'header',
  format: 'limi.trajectory/1',
  id,
  created: new Date().toISOString(),
  ...(query === undefined ? {} : { query: { id: query.id, digest: digestOfQuery(query) } }),
  source: { kind: 'recorded', agent: agent.launcher.name, model: answering.model ?? 'unknown' },
  tags: query?.tags ?? {},
  workspace: { folder: place?.folder ?? process.cwd() },
  ...(query?.licence === undefined ? {} : { licence: query.licence }),
})

/** `rec-20260102-030405-9f3c`: in order of time, and two at once never share one. */
const newId = (now: Date): string =>
  `rec-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${randomBytes(2).toString('hex')}`

const askHere: Ask = (question) => terminalOn(process.stdin, process.stderr, GONE).ask(question)

const GONE: Failure = { kind: 'interrupted', code: 'record.unasked', message: 'nobody answered' }
