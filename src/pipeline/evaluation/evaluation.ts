import path from 'node:path'
import {
  done,
  Evaluation,
  failed,
  own,
  unwrap,
  type Checkpoint,
  type Input,
  type Price,
  type Query,
  type Result,
  type RunPlan,
  type TaughtOverlap,
  type Trial,
} from '../../nouns/index.js'
import type { Workspaces } from '../../shared/rollouts/index.js'
import { moveAside, placeOf, readManifest } from '../../shared/project/index.js'
import {
  evaluate,
  evaluationChanges,
  findEvaluation,
  taughtLines,
  type BenchmarkTask,
  type EvaluationIdentity,
  type EvaluationProgress,
} from '../../stages/evaluation/index.js'
import { trajectoryStore } from '../../stages/trajectories/store/index.js'
import { scorerFor, type ModuleScorers } from '../../shared/scoring/index.js'
import { agentOf, workspacesOf } from '../agents.js'
import { folderOf, modelOf } from '../models.js'
import type { GatheredQueries } from '../queries/queries.js'
import { absent, asItLies, type Made, type Run } from '../run.js'
import type { ByArm } from '../stages.js'
import { openBenchmark, sayLeftOut } from './benchmark.js'
import { judgeFor, type PlannedJudge } from './judges.js'
import { BASE_ARM } from './arms.js'

/** Stage 6: the base and every trained arm work on the same held-out tasks. */
export async function evaluateArms(
  run: Run,
  plan: RunPlan,
  queries: GatheredQueries,
  checkpoints: ByArm<Checkpoint>,
): Promise<Made<ByArm<Evaluation>>> {
  const base = unwrap(await folderOf(run, plan.training.base))
  const arms: readonly Arm[] = [
    { id: BASE_ARM, model: plan.training.base, input: { id: plan.training.base, digest: base.digest }, role: 'base' },
    ...Object.entries(checkpoints).map(([name, checkpoint]) => ({
      id: name,
      model: `checkpoint:${checkpoint.id}`,
      input: { id: checkpoint.id, digest: checkpoint.digest },
      role: 'checkpoint',
    })),
  ]
  const { benchmark, modules, close } = unwrap(await openBenchmark(run, plan.evaluation.benchmark))
  sayLeftOut(run, benchmark.name, benchmark.leftOut ?? [])
  try {
    const judge = unwrap(await judgeFor(run, queries.heldOut, plan.evaluation))
    const planned = { ...plan.evaluation, tasks: queries.heldOut, seed: plan.seed, modules, judge }
    return await evaluateEach(run, arms, planned)
  } finally {
    await close()
  }
}

type Arm = Pick<EvaluatePlan, 'id' | 'model' | 'input' | 'role'>

async function evaluateEach(
  run: Run,
  arms: readonly Arm[],
  planned: Omit<EvaluatePlan, keyof Arm>,
): Promise<Made<ByArm<Evaluation>>> {
  const made: Record<string, Evaluation> = {}
  let kept = true
  for (const arm of arms) {
    if (asItLies(run, 'evaluation')) {
      made[arm.id] = unwrap(await takeEvaluation(run, arm.id))
      continue
    }
    await makeRoom(run, unwrap(await identityOf(run, { ...planned, ...arm })))
    const one = await evaluateInto(run, { ...planned, ...arm })
    made[arm.id] = one.value
    kept = kept && one.kept
  }
  return { value: made, kept }
}

async function takeEvaluation(run: Run, id: string): Promise<Result<Evaluation>> {
  const folder = placeOf(run.project.paths.evaluations, id)
  if (!folder.ok) return folder
  const manifest = await readManifest(folder.value, Evaluation)
  return manifest === null ? failed(absent('evaluation', `evaluation ${id}`)) : done(manifest)
}

/** What an arm's folder measured before, where that was something else, is kept under another name. */
async function makeRoom(run: Run, identity: EvaluationIdentity): Promise<void> {
  const changes = await evaluationChanges(identity)
  if (changes.length === 0) return
  const kept = path.basename(await moveAside(identity.folder))
  run.warn(`evaluation ${identity.id} measured something else (${changes.join('; ')}): it is kept as ${kept}`)
}

export interface EvaluatePlan {
  readonly id: string
  readonly benchmark: string
  readonly agent: string
  readonly model: string
  /** What the model is, by content: its role names it in the manifest. */
  readonly input: Input
  readonly role: string
  readonly tasks: readonly BenchmarkTask[]
  readonly rounds: number
  readonly concurrency: number
  readonly seed: number
  /** Trials a task; 1 where not given. */
  readonly trials?: number
  /** The project's where not given. */
  readonly sandbox?: string
  /** Of agent and judges together, in the currency of their prices, which it needs. */
  readonly maxCost?: number
  /** Which of the trials that are there shall be made again all the same. */
  readonly remake?: (row: Trial) => boolean
  /** The scorers of the benchmark's own module, where it is one. */
  readonly modules?: ModuleScorers
  /** Who decides rubrics. */
  readonly judge?: PlannedJudge | undefined
}

interface Identified extends EvaluationIdentity {
  readonly workspaces: Workspaces
}

/** What is measured and how, before anything is opened for it. */
async function identityOf(run: Run, plan: EvaluatePlan): Promise<Result<Identified>> {
  const named = agentOf(run, plan.agent)
  if (!named.ok) return named
  const workspaces = await workspacesOf(run, plan.sandbox)
  if (!workspaces.ok) return workspaces
  const folder = placeOf(run.project.paths.evaluations, plan.id)
  if (!folder.ok) return folder
  return done({
    id: plan.id,
    folder: folder.value,
    benchmark: plan.benchmark,
    tasks: plan.tasks,
    agentName: plan.agent,
    modelName: plan.model,
    workspaces: workspaces.value,
    rounds: plan.rounds,
    trials: plan.trials,
    remake: plan.remake,
    inputs: { [plan.role]: [plan.input] },
    parameters: {
      seed: plan.seed,
      limits: named.value.config,
      ...(plan.judge === undefined ? {} : { judge: plan.judge.identity }),
    },
  })
}

/** Evaluates one model, goes on with an evaluation that was cut, or keeps one that is finished. */
export async function evaluateInto(run: Run, plan: EvaluatePlan): Promise<Made<Evaluation>> {
  const identity = unwrap(await identityOf(run, plan))
  const price = unwrap(priceFor(run, plan))
  const ready = await findEvaluation(identity)
  if (ready !== null) return { value: ready, kept: true }
  const taught = await lookAtTaught(run, plan)
  const judge = plan.judge === undefined ? undefined : unwrap(await plan.judge.open())
  const open = await modelOf(run, plan.model)
  try {
    const request = {
      ...identity,
      taught,
      agent: unwrap(agentOf(run, plan.agent)).agent,
      model: unwrap(open).model,
      scorerFor: (query: Query) =>
        scorerFor(query, { modules: plan.modules, judge: judge?.judge, root: run.project.root }),
      // A trial that was cut after its trajectory and before its own file is made again, and its trajectory with it.
      openTrajectory: trajectoryStore(path.join(identity.folder, 'trajectories')).openAnew,
      concurrency: plan.concurrency,
      price,
      maxCost: plan.maxCost,
      signal: run.signal,
      onProgress: sayProgress(run, plan.id),
      onLine: (line: string) => run.warn(line),
    }
    const evaluated = await evaluate(request)
    run.signal?.throwIfAborted()
    return { value: unwrap(evaluated), kept: false }
  } finally {
    if (open.ok) await open.value.close()
    await judge?.close()
  }
}

/** Of a checkpoint: how much of what is measured it was taught. Said before anything is spent. */
async function lookAtTaught(run: Run, { role, input, tasks }: EvaluatePlan): Promise<TaughtOverlap | undefined> {
  if (role !== 'checkpoint') return undefined
  const { taughtOverlap } = await import('./taught.js')
  const taught = await taughtOverlap(run, input.id, tasks)
  for (const line of taughtLines(taught)) run.warn(line)
  return taught
}

/** A model's price by its name in limi.yaml; where it or a judge has none, no cost is counted and no budget can be kept. */
function priceFor(run: Run, { model, maxCost, judge }: EvaluatePlan): Result<Price | undefined> {
  const price = own(run.project.config.models, model)?.price
  const unpriced = [...(price === undefined ? [`the model ${model}`] : []), ...judgesWithoutPrice(judge)]
  if (unpriced.length === 0 || maxCost === undefined) return done(price)
  return failed({
    kind: 'input',
    code: 'evaluation.no-price',
    message: `a budget needs a price, and ${unpriced.join(' and ')} ${unpriced.length === 1 ? 'has' : 'have'} none`,
    where: run.project.paths.config,
    remedy: 'name it under `models:` in limi.yaml with `price: { input: …, output: … }`, per million tokens',
  })
}

const judgesWithoutPrice = (judge: PlannedJudge | undefined): string[] =>
  (judge?.unpriced ?? []).map((name) => `the judge ${name}`)

function sayProgress(run: Run, id: string): (progress: EvaluationProgress) => void {
  let solved = 0
  return (progress) => {
    solved += progress.solved ? 1 : 0
    const { finished, total } = progress
    if (finished % 10 === 0 || finished === total) run.say(`  ${id}: ${finished} of ${total} trials, ${solved} solved`)
  }
}
