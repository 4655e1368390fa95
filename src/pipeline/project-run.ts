import path from 'node:path'
import { z } from 'zod'
import { done, failed, FailureError, type Result, type RunPlan } from '../nouns/index.js'
import { limi } from '../pipeline.js'
import { readJson, takeLock, writeJson } from '../shared/project/index.js'
import { checkPlan } from './check-plan.js'
import { describeReport, describeStage } from './describe.js'
import { writeReport, type ReportFiles } from './report/report.js'
import { planOf, type Run } from './run.js'
import { STAGES, type Finished, type Stage, type StageDone } from './stages.js'

export interface Range {
  /** Stages before this one are taken as they lie. */
  readonly from?: Stage
  /** The last stage to run. */
  readonly to?: Stage
}

export interface RunOutcome {
  readonly data: unknown
  readonly text: string
}

/** `limi run`: walks the pipeline as the project's one writer and says what each stage made. */
export async function runProject(run: Run, range: Range): Promise<Result<RunOutcome>> {
  const plan = planOf(run.project)
  if (!plan.ok) return plan
  const checked = await checkPlan(run, plan.value)
  if (!checked.ok) return checked
  const lock = await takeLock(run.project.paths.lock, 'limi run')
  if (!lock.ok) return lock
  try {
    return done(await walk({ ...run, from: range.from }, plan.value, range.to ?? 'verdict'))
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure)
    throw error
  } finally {
    await lock.value.release()
  }
}

async function walk(run: Run, plan: RunPlan, to: Stage): Promise<RunOutcome> {
  const made: Partial<Record<Stage, StageDone['value']>> = {}
  const seconds = await readSeconds(run)
  let kept = true
  let since = performance.now()
  for await (const stage of limi(run, plan)) {
    const took = (performance.now() - since) / 1000
    if (!stage.kept || seconds[stage.stage] === undefined) {
      seconds[stage.stage] = round(took)
      await writeJson(secondsFile(run), seconds)
    }
    kept = kept && stage.kept
    made[stage.stage] = stage.value
    run.say(
      `[${STAGES.indexOf(stage.stage) + 1}/${STAGES.length}] ${describeStage(stage)}  (${stage.kept ? 'kept' : `${round(took)} s`})`,
    )
    if (stage.stage === to && to !== 'verdict') return stopped(to)
    since = performance.now()
  }
  const report = await writeReport(run, plan, made as Finished, seconds)
  return finish(report, kept && report.kept)
}

function stopped(to: Stage): RunOutcome {
  return { data: { stoppedAfter: to }, text: `stopped after ${to}; \`limi run\` goes on from here` }
}

function finish(files: ReportFiles, kept: boolean): RunOutcome {
  const nothing = kept ? 'nothing changed since the last run, so nothing was done\n' : ''
  return { data: files.report, text: `${nothing}${describeReport(files)}` }
}

const secondsFile = (run: Run): string => path.join(run.project.paths.cache, 'run', 'seconds.json')

async function readSeconds(run: Run): Promise<Record<string, number>> {
  const read = await readJson(secondsFile(run), z.record(z.string(), z.number()))
  return read.ok ? read.value : {}
}

const round = (value: number): number => Math.round(value * 10) / 10
