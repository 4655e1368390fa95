import path from 'node:path'
import { unwrap, type Checkpoint, type Metrics, type RunPlan, type Selection, type Verdict } from '../../nouns/index.js'
import { digestOfValue, readJson, writeFileAtomic, writeJson } from '../../shared/project/index.js'
import { renderRunReport, RunReport, type ReportArm } from '../../shared/report/index.js'
import { limiVersion } from '../../shared/version/index.js'
import type { Pool } from '../trajectories/pool.js'
import { sampleViews } from './samples.js'
import { sideBySide } from './side.js'
import type { Run } from '../run.js'
import type { Finished } from '../stages.js'
import { BASE_ARM } from '../evaluation/arms.js'

export interface ReportFiles {
  readonly report: RunReport
  readonly json: string
  readonly html: string
  readonly kept: boolean
}

/** Stage 8: `report.json` and `report.html`, kept where they were made of the same things. */
export async function writeReport(
  run: Run,
  plan: RunPlan,
  made: Finished,
  seconds: Readonly<Record<string, number>>,
): Promise<ReportFiles> {
  const json = path.join(run.project.root, 'report.json')
  const html = path.join(run.project.root, 'report.html')
  const from = madeFrom(plan, made)
  const before = await readJson(json, RunReport)
  if (before.ok && before.value['madeFrom'] === from) return { report: before.value, json, html, kept: true }
  const report = RunReport.parse({ ...(await describe(run, plan, made, seconds)), madeFrom: from })
  unwrap(await writeFileAtomic(html, renderRunReport(report)))
  unwrap(await writeJson(json, report))
  return { report, json, html, kept: false }
}

const madeFrom = (plan: RunPlan, made: Finished): string =>
  digestOfValue([
    limiVersion(),
    plan,
    made.queries.mined.length,
    Object.values(made.curation).map((selection) => [selection.chosen, selection.excluded]),
    Object.values(made.evaluation).map((evaluation) => [evaluation.id, evaluation.digest]),
  ])

async function describe(
  run: Run,
  plan: RunPlan,
  made: Finished,
  seconds: Readonly<Record<string, number>>,
): Promise<Record<string, unknown>> {
  const first = primaryArm(plan)
  const selection = made.curation[first.selection]
  const dataset = made.dataset[first.name]
  const checkpoint = made.training[first.name]
  const verdict = made.verdict[first.name]
  if (selection === undefined || dataset === undefined || checkpoint === undefined || verdict === undefined) {
    throw new Error(`the report needs every stage of arm ${first.name}`)
  }
  return {
    ...counts(made, selection),
    dataset: {
      samples: dataset.samples,
      tokens: dataset.tokens,
      trainedTokens: dataset.trainedTokens,
      proof: dataset.proof,
    },
    training: {
      engine: checkpoint.engine,
      base: checkpoint.base.name,
      steps: checkpoint.steps,
      seconds: checkpoint.seconds,
      loss: checkpoint.loss.map((point) => point.loss),
    },
    evaluation: Object.fromEntries(
      Object.entries(made.evaluation).map(([arm, evaluation]) => [arm, evaluation.suites]),
    ),
    verdict: verdict.suites,
    allTasks: allTasks(made, verdict),
    seconds,
    ...setting(run, plan, checkpoint),
    arms: armsOf(plan, made),
    selectionDetail: selectionDetail(made, selection),
    tokens: await sampleViews(run, plan, made, first),
    lossCurve: checkpoint.loss.map(({ step, loss }) => ({ step, loss })),
    sideBySide: await sideBySide(run, made, first.name),
    comparisons: Object.entries(made.verdict)
      .filter(([arm]) => arm !== first.name)
      .map(([arm, other]) => ({ a: BASE_ARM, b: arm, suites: other.suites })),
  }
}

/** Beside the suites: each arm's metrics over all tasks, and what the primary pair's comparison says of every metric. */
function allTasks({ evaluation }: Finished, { metrics, amounts, leftOut }: Verdict): Record<string, unknown> {
  const byArm = Object.entries(evaluation).map(([arm, one]) => [arm, one.metrics])
  return { evaluation: Object.fromEntries(byArm) as Record<string, Metrics>, verdict: { metrics, amounts, leftOut } }
}

/** The first arm is the one that the verdict is about. */
export function primaryArm(plan: RunPlan): RunPlan['training']['arms'][number] {
  const [first] = plan.training.arms
  if (first === undefined) throw new Error('a plan has at least one arm')
  return first
}

function counts(made: Finished, selection: Selection): Record<string, unknown> {
  const heldOut = (suite: string): number => made.queries.heldOut.filter((task) => task.suite === suite).length
  return {
    queries: {
      train: made.queries.train.length,
      heldOutValues: heldOut('heldOutValues'),
      heldOutFamilies: heldOut('heldOutFamilies'),
      mined: made.queries.mined.length,
    },
    trajectories: { builtIn: made.trajectories.builtIn, imported: made.trajectories.imported },
    selection: { chosen: selection.chosen.length, excluded: tally(selection.excluded.map((one) => one.reason)) },
  }
}

export function tally(items: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {}
  for (const item of items) counted[item] = (counted[item] ?? 0) + 1
  return counted
}

function setting(run: Run, plan: RunPlan, checkpoint: Checkpoint): Record<string, unknown> {
  const agent = run.project.config.agents[plan.evaluation.agent]
  return {
    project: run.project.config.name,
    limi: limiVersion(),
    created: new Date().toISOString(),
    seed: plan.seed,
    versions: Object.fromEntries(Object.entries(checkpoint.made.versions).filter(([name]) => name !== 'limi')),
    protocol: {
      rounds: plan.evaluation.rounds,
      ...(agent?.kind === 'built-in' ? { turns: agent.maxTurns, tokensPerTurn: agent.maxTokens } : {}),
      judges: plan.evaluation.judges,
    },
    suites: {
      heldOutValues: {
        title: 'New values',
        description:
          'taught families with other words, file names and folders, a part of them in wordings never taught',
      },
      heldOutFamilies: { title: 'New families', description: 'kinds of task that no demonstration showed' },
    },
  }
}

const DESCRIPTIONS: Record<string, string> = {
  curated: 'chosen by the gates and for coverage',
  random: 'drawn from the pool, mistakes and all',
  all: 'the whole pool, mistakes and all',
  good: 'correct demonstrations, not chosen for coverage',
}

function armsOf(plan: RunPlan, made: Finished): ReportArm[] {
  const trained = plan.training.arms.map((arm) => ({
    name: arm.name,
    description: DESCRIPTIONS[plan.curation.find((one) => one.name === arm.selection)?.method ?? ''] ?? '',
    demonstrations: made.curation[arm.selection]?.chosen.length,
    steps: made.training[arm.name]?.steps,
  }))
  return [{ name: BASE_ARM, description: 'the model as it was' }, ...trained]
}

function selectionDetail(made: Finished, selection: Selection): Record<string, unknown> {
  const byId = new Map(made.trajectories.members.map(({ trajectory }) => [trajectory.id, trajectory]))
  const familyOf = (id: string): string => byId.get(id)?.tags['family'] ?? 'unknown'
  const chosen = tally(selection.chosen.map((one) => familyOf(one.trajectory)))
  const builtIn = made.trajectories.members.filter(({ trajectory }) => trajectory.source.kind === 'built-in')
  const pool = tally(builtIn.map(({ trajectory }) => trajectory.tags['family'] ?? 'unknown'))
  const families = Object.keys(pool)
    .sort()
    .map((family) => ({ family, chosen: chosen[family] ?? 0, pool: pool[family] }))
  const firsts = new Map(selection.excluded.toReversed().map((one) => [one.reason, one]))
  const examples = [...firsts.values()].map(({ reason, trajectory, detail }) => ({
    reason,
    trajectory,
    detail,
    request: requestOf(byId.get(trajectory)),
  }))
  return { families, examples }
}

function requestOf(trajectory: Pool['members'][number]['trajectory'] | undefined): string | undefined {
  const message = trajectory?.threads[0]?.messages.find((one) => one.role === 'user')
  return typeof message?.content === 'string' ? message.content.slice(0, 400) : undefined
}
