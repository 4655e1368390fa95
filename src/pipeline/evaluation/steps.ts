import { done, failed, type Evaluation, type Result, type Trial } from '../../nouns/index.js'
import { plural } from '../../shared/report/index.js'
import {
  chooseTasks,
  isMeasured,
  type LeftOut,
  type ShownEvaluation,
  type TaskChoice,
} from '../../stages/evaluation/index.js'
import { agentOf } from '../agents.js'
import { openBenchmark, sayLeftOut, type OpenBenchmark } from './benchmark.js'
import { evaluateInto } from './evaluation.js'
import { judgeFor, type JudgeRequest } from './judges.js'
import { inputOf } from '../model-input.js'
import type { Made, Run } from '../run.js'

export interface EvaluateRequest extends JudgeRequest {
  /** A name, or a path relative to the project. */
  readonly benchmark: string
  readonly agent: string
  readonly model?: string
  readonly id?: string
  readonly rounds: number
  readonly trials: number
  readonly concurrency: number
  readonly seed: number
  /** The project's where not given. */
  readonly sandbox?: string
  /** In the currency of the model's price: no further trial begins once it is spent. */
  readonly maxCost?: number
  /** Trials that say nothing of the agent, their judge having failed, are made again. */
  readonly retryUnmeasured?: boolean
  /** 30 tasks a suite where nothing is said, all of a benchmark that has only so many. */
  readonly tasks?: TaskChoice
}

export interface Evaluated extends Made<Evaluation> {
  /** Tasks that were asked for and cannot be measured. */
  readonly leftOut: readonly LeftOut[]
}

/** `limi eval run`. */
export async function evaluateProject(run: Run, request: EvaluateRequest): Promise<Result<Evaluated>> {
  const opened = await openBenchmark(run, request.benchmark)
  if (!opened.ok) return opened
  try {
    return await evaluateOpen(run, request, opened.value)
  } finally {
    await opened.value.close()
  }
}

async function evaluateOpen(
  run: Run,
  request: EvaluateRequest,
  { benchmark, modules }: OpenBenchmark,
): Promise<Result<Evaluated>> {
  const agent = agentOf(run, request.agent)
  if (!agent.ok) return agent
  const model = request.model ?? agent.value.config.model
  if (model === undefined) {
    const message = `agent ${request.agent} names no model`
    return failed({ kind: 'input', code: 'agent.no-model', message, remedy: 'name one with --model, or in limi.yaml' })
  }
  const chosen = chooseTasks(benchmark, request.seed, request.tasks ?? {})
  if (!chosen.ok) return chosen
  const input = await inputOf(run, model)
  if (!input.ok) return input
  const { tasks, leftOut } = chosen.value
  sayLeftOut(run, benchmark.name, leftOut)
  const judge = await judgeFor(run, tasks, request)
  if (!judge.ok) return judge
  const id = request.id ?? defaultId(benchmark.name, model)
  const remake = request.retryUnmeasured === true ? (row: Trial): boolean => !isMeasured(row) : undefined
  const plan = { ...request, ...input.value, id, model, tasks, modules, remake, judge: judge.value }
  const evaluated = await evaluateInto(run, plan)
  return done({ ...evaluated, leftOut })
}

/** Whether every row was measured; a line where some were not. */
export function sayUnmeasured(run: Pick<Run, 'warn'>, { trials }: ShownEvaluation): boolean {
  const unmeasured = trials.filter(({ measured }) => !measured).length
  if (unmeasured === 0) return true
  const rows = `${unmeasured} of ${plural(trials.length, 'row')}`
  run.warn(`${rows} not measured, and not counted: --retry-unmeasured makes their trials again`)
  return false
}

const defaultId = (benchmark: string, model: string): string =>
  `${benchmark}-${model.replace(/[^A-Za-z0-9._-]+/g, '-')}`.slice(0, 120)
