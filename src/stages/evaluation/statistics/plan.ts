import { done, failed, type Result } from '../../../nouns/index.js'
import { smallest } from './detectable.js'
import type { PlanBasis } from './plan-basis.js'
import { signTestPower, tasksNeeded } from './power.js'
import { mostDiscordant, taskModel, type TaskModel } from './task-model.js'

/** What a comparison shall be able to show. */
export interface PlanRequest {
  /** The difference in success rate, 0–1. */
  readonly effect: number
  /** The chance of showing it. */
  readonly power: number
  /** Two-sided. */
  readonly alpha: number
  /** The success rate before, 0–1; that of `from` where not given, else 0.5. */
  readonly baseline?: number
  /** The share of tasks in which two single trials differ by chance; that of `from` where not given, else half of the most it can be. */
  readonly discordant?: number
  readonly from?: PlanBasis
}

/** What it takes, before anything is spent: `limi compare --plan --json`. */
export interface ComparisonPlan extends Required<Omit<PlanRequest, 'from'>> {
  readonly from?: PlanBasis
  /** True where nothing said how often trials differ by chance. */
  readonly assumed: boolean
  /** For the effect: tasks by trials a task. */
  readonly needed: readonly NeededTasks[]
  /** The smallest difference that shows; null where none that the baseline leaves room for does. */
  readonly detectable: readonly {
    readonly tasks: number
    readonly trials: number
    readonly difference: number | null
  }[]
}

export interface NeededTasks {
  /** A task. */
  readonly trials: number
  /** Null where 10,000 do not do. */
  readonly tasks: number | null
  /** Trials of both evaluations together. */
  readonly total: number | null
  /** Of both evaluations together, at what a trial of `from` took; absent where that is not known. */
  readonly tokens?: number
  readonly cost?: number
}

const TRIALS = [1, 2, 3, 5]
const TASKS = [10, 20, 30, 50, 100, 200, 500]

/**
 * How many tasks and trials show an effect of this size, and what smaller designs show, by the exact power of the sign test where tasks
 * behave as {@link taskModel} has it. Refuses an effect that the baseline leaves no room for (`plan.effect`), and chance that tasks of
 * that baseline cannot have (`plan.discordant`).
 */
export function planComparison(request: PlanRequest): Result<ComparisonPlan> {
  const { effect, power, alpha, from } = request
  const baseline = request.baseline ?? from?.baseline ?? 0.5
  if (baseline + effect > 1) return failed(noRoom(baseline, effect))
  const most = mostDiscordant(baseline)
  const known = request.discordant ?? from?.discordant
  const discordant = request.discordant ?? Math.min(most, from?.discordant ?? most / 2)
  if (discordant > most + 1e-9) return failed(tooDiscordant(baseline, discordant, most))
  const model = taskModel({ baseline, discordant })
  const demand = { alpha, power }
  return done({
    ...{ effect, power, alpha, baseline, discordant, assumed: known === undefined },
    ...(from === undefined ? {} : { from }),
    needed: TRIALS.map((trials) => costed(trials, tasksNeeded(model.shares(effect, trials), demand), from)),
    detectable: TASKS.flatMap((tasks) =>
      TRIALS.map((trials) => ({
        tasks,
        trials,
        difference: detectable(model, 1 - baseline, { ...demand, tasks, trials }),
      })),
    ),
  })
}

interface Design {
  readonly alpha: number
  readonly power: number
  readonly tasks: number
  readonly trials: number
}

function detectable(model: TaskModel, room: number, { alpha, power, tasks, trials }: Design): number | null {
  const shows = (difference: number): boolean => signTestPower(tasks, model.shares(difference, trials), alpha) >= power
  return shows(room) ? smallest(shows, room, 1e-4) : null
}

function costed(trials: number, tasks: number | null, from: PlanBasis | undefined): NeededTasks {
  if (tasks === null) return { trials, tasks, total: null }
  const total = 2 * tasks * trials
  return {
    ...{ trials, tasks, total },
    ...(from?.tokensPerTrial === undefined ? {} : { tokens: Math.round(total * from.tokensPerTrial) }),
    ...(from?.costPerTrial === undefined ? {} : { cost: total * from.costPerTrial }),
  }
}

const noRoom = (baseline: number, effect: number) =>
  ({
    kind: 'input',
    code: 'plan.effect',
    message: `a success rate of ${baseline.toFixed(2)} cannot rise by ${effect}: that is more than all tasks`,
    remedy: 'plan for a smaller --effect, or for harder tasks (a lower --baseline)',
  }) as const

const tooDiscordant = (baseline: number, discordant: number, most: number) =>
  ({
    kind: 'input',
    code: 'plan.discordant',
    message: `with a success rate of ${baseline.toFixed(2)} two trials of a task differ in at most ${most.toFixed(3)} of tasks by chance, not in ${discordant}`,
    remedy: `give --discordant from 0 (tasks always end alike) to ${most.toFixed(3)} (all tasks are equally hard)`,
  }) as const
