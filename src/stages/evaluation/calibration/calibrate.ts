import { done, failed, type Result } from '../../../nouns/index.js'
import { compareText } from '../metrics/index.js'
import { estimate, type Estimate } from './bootstrap.js'
import type { HumanScore } from './human-scores.js'
import type { JudgedRow } from './judged.js'
import {
  agreementOf,
  biasOf,
  cohenKappa,
  momentsOf,
  raterAgreement,
  weightedKappa,
  type Confusion,
  type Moments,
  type RaterAgreement,
} from './kappa.js'
import { pairUp, type Pair } from './pairs.js'

/** How often a judge and a person said the same of requirements. */
export interface RequirementAgreement extends Confusion {
  readonly n: number
  readonly agreement: number
  readonly kappa: number | null
}

/** What `limi eval calibrate --json` prints. */
export interface Calibration {
  /** Subtasks in trials that both scored, and the tasks they are of. */
  readonly pairs: number
  readonly tasks: number
  /** Of scores as shares of the points, 0 to 1. */
  readonly score: {
    /** Quadratic-weighted kappa. */
    readonly kappa: Estimate
    /** Share of equal scores. */
    readonly agreement: Estimate
    /** Mean of judge − person. */
    readonly bias: Estimate
  }
  /** All requirements together; null where the person scored none. */
  readonly requirements: RequirementAgreement | null
  readonly byRequirement: Readonly<Record<string, RequirementAgreement>>
  /** How the judge's own votes agree, where it had several. */
  readonly votes: RaterAgreement | null
  readonly leftOut: readonly string[]
}

/** How far a judge's scores are a person's. `calibration.nothing` where there is no trial that both scored as a whole. */
export function calibrate(
  judged: readonly JudgedRow[],
  scores: readonly HumanScore[],
  seed: number,
): Result<Calibration> {
  const paired = pairUp(judged, scores)
  if (!paired.ok) return paired
  const { pairs, leftOut } = paired.value
  const tasks = momentsByTask(pairs)
  if (tasks.length === 0) {
    return failed({
      kind: 'input',
      code: 'calibration.nothing',
      message: `no trial is scored as a whole by both judge and person${leftOut[0] === undefined ? '' : ` (${leftOut[0]})`}`,
      remedy: 'score the same trials: tasks, trial numbers and subtasks as `limi eval show` names them',
    })
  }
  const found = pairs.flatMap(({ requirements }) => requirements)
  const ids = [...new Set(found.map(({ id }) => id))].sort(compareText)
  return done({
    pairs: pairs.length,
    tasks: tasks.length,
    score: {
      kappa: estimate(tasks, weightedKappa, { low: -1, high: 1 }, `kappa ${seed}`),
      agreement: estimate(tasks, agreementOf, { low: 0, high: 1 }, `agreement ${seed}`),
      bias: estimate(tasks, biasOf, { low: -1, high: 1 }, `bias ${seed}`),
    },
    requirements: agreementOn(found),
    byRequirement: Object.fromEntries(
      ids.flatMap((id) => {
        const agreement = agreementOn(found.filter((one) => one.id === id))
        return agreement === null ? [] : [[id, agreement]]
      }),
    ),
    votes: raterAgreement(judged.flatMap(votesOf)),
    leftOut,
  })
}

function momentsByTask(pairs: readonly Pair[]): Moments[] {
  const byTask = new Map<string, (readonly [number, number])[]>()
  for (const { task, shares } of pairs) if (shares !== null) byTask.set(task, [...(byTask.get(task) ?? []), shares])
  return [...byTask.values()].map(momentsOf)
}

function agreementOn(found: Pair['requirements']): RequirementAgreement | null {
  if (found.length === 0) return null
  const count = (judge: boolean, human: boolean): number =>
    found.filter((one) => one.judge === judge && one.human === human).length
  const confusion = {
    bothYes: count(true, true),
    onlyJudge: count(true, false),
    onlyHuman: count(false, true),
    bothNo: count(false, false),
  }
  const agreement = (confusion.bothYes + confusion.bothNo) / found.length
  return { n: found.length, agreement, kappa: cohenKappa(confusion), ...confusion }
}

/** The votes on each requirement of a row. */
function votesOf({ requirements, judgements }: JudgedRow): { yes: number; raters: number }[] {
  const ballots = judgements.flatMap(({ findings }) => (findings === undefined ? [] : [findings]))
  return requirements.map(({ id }) => ({
    yes: ballots.filter((ballot) => ballot.some((finding) => finding.id === id && finding.counted)).length,
    raters: ballots.length,
  }))
}
