import { done, failed, type Result } from '../../../nouns/index.js'
import type { HumanScore } from './human-scores.js'
import type { JudgedRow } from './judged.js'

/** One subtask in one trial, as the judge and as a person scored it. */
export interface Pair {
  readonly task: string
  readonly trial: number
  readonly subtask: number
  /** Shares of the points, 0 to 1; null where the person scored not all of it. */
  readonly shares: readonly [judge: number, human: number] | null
  readonly requirements: readonly { readonly id: string; readonly judge: boolean; readonly human: boolean }[]
}

export interface Paired {
  readonly pairs: readonly Pair[]
  /** What could not be compared, in words. */
  readonly leftOut: readonly string[]
}

type Place = Pick<Pair, 'task' | 'trial' | 'subtask'>

const keyOf = ({ task, trial, subtask }: Place): string => JSON.stringify([task, trial, subtask])
const nameOf = ({ task, trial, subtask }: Place): string => `${task}, trial ${trial}, subtask ${subtask}`

/**
 * What both scored. A person's scores of requirements make a score of the whole where there is one of each; a score of the whole is in
 * points. `calibration.range` where it is more than there are, `calibration.requirement` where a requirement is none of the rubric's.
 */
export function pairUp(judged: readonly JudgedRow[], scores: readonly HumanScore[]): Result<Paired> {
  const byPlace = new Map<string, HumanScore[]>()
  for (const score of scores) byPlace.set(keyOf(score), [...(byPlace.get(keyOf(score)) ?? []), score])
  const pairs: Pair[] = []
  const leftOut: string[] = []
  for (const row of judged) {
    const human = byPlace.get(keyOf(row))
    if (human === undefined) continue
    byPlace.delete(keyOf(row))
    if (isOfOther(row, human)) {
      leftOut.push(`${nameOf(row)}: the person judged another state of it`)
      continue
    }
    const pair = pairOf(row, human)
    if (!pair.ok) return pair
    pairs.push(pair.value)
  }
  for (const [first] of byPlace.values())
    if (first !== undefined) leftOut.push(`${nameOf(first)}: scored by the person, and no judged trial`)
  return done({ pairs, leftOut })
}

/** Whether the person is known to have seen something else. */
function isOfOther({ judgements }: JudgedRow, human: readonly HumanScore[]): boolean {
  const sheets = new Set(judgements.flatMap(({ sheet }) => sheet ?? []))
  return sheets.size > 0 && human.some(({ sheet }) => sheet !== undefined && !sheets.has(sheet))
}

function pairOf(row: JudgedRow, human: readonly HumanScore[]): Result<Pair> {
  const { task, trial, subtask, score, max, requirements } = row
  const met = new Map(
    human.flatMap((one) => (one.requirement === undefined ? [] : [[one.requirement, one.score === 1]])),
  )
  const stranger = [...met.keys()].find((id) => !requirements.some((requirement) => requirement.id === id))
  if (stranger !== undefined)
    return failed(refusal('calibration.requirement', nameOf(row), `it has no requirement ${JSON.stringify(stranger)}`))
  const whole = human.find(({ requirement }) => requirement === undefined)?.score
  if (whole !== undefined && whole > max)
    return failed(refusal('calibration.range', nameOf(row), `a score of ${whole}, and it has ${max} points`))
  const points = whole ?? pointsOf(requirements, met)
  return done({
    task,
    trial,
    subtask,
    shares: points === null || max === 0 ? null : [score / max, points / max],
    requirements: requirements.flatMap(({ id, passed }) => {
      const said = met.get(id)
      return said === undefined ? [] : [{ id, judge: passed, human: said }]
    }),
  })
}

function pointsOf(requirements: JudgedRow['requirements'], met: ReadonlyMap<string, boolean>): number | null {
  if (requirements.some(({ id }) => !met.has(id))) return null
  return requirements.reduce((sum, { id, weight }) => sum + (met.get(id) === true ? weight : 0), 0)
}

const refusal = (code: string, where: string, message: string) =>
  ({ kind: 'input', code, message, where, remedy: "correct the person's scores" }) as const

/** The scores of an evaluation that a person judged, as a person's scores of another one. */
export const scoresOf = (rows: readonly JudgedRow[]): HumanScore[] =>
  rows.flatMap(({ task, trial, subtask, requirements, judgements }) =>
    requirements.map(({ id, passed }) => ({
      task,
      trial,
      subtask,
      requirement: id,
      score: passed ? 1 : 0,
      sheet: judgements[0]?.sheet,
    })),
  )
