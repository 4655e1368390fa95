/** What pairs of scores (x, y) add up to: all that the statistics below need, so that tasks can be drawn again without their pairs. */
export interface Moments {
  readonly n: number
  readonly x: number
  readonly y: number
  readonly xx: number
  readonly yy: number
  readonly xy: number
  /** Pairs that are equal. */
  readonly same: number
}

/** Sums of floating-point weights that are meant to be equal differ by less. */
const SAME = 1e-9

export const momentsOf = (pairs: readonly (readonly [number, number])[]): Moments =>
  addMoments(
    pairs.map(([x, y]) => ({ n: 1, x, y, xx: x * x, yy: y * y, xy: x * y, same: Math.abs(x - y) < SAME ? 1 : 0 })),
  )

export function addMoments(all: readonly Moments[]): Moments {
  const sum = { n: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0, same: 0 }
  for (const one of all) {
    sum.n += one.n
    sum.x += one.x
    sum.y += one.y
    sum.xx += one.xx
    sum.yy += one.yy
    sum.xy += one.xy
    sum.same += one.same
  }
  return sum
}

/**
 * Quadratic-weighted kappa of two raters' scores (Cohen, Psychol. Bull. 70(4), 1968), the weight of a disagreement being the square of its
 * distance on the score scale: 1 − Σₖ (xₖ − yₖ)² / ((1/n) Σᵢ Σⱼ (xᵢ − yⱼ)²). 1 is full agreement, 0 what chance gives. Null where both
 * raters gave one and the same score throughout: chance would do as well.
 */
export function weightedKappa({ n, x, y, xx, yy, xy }: Moments): number | null {
  if (n === 0) return null
  const observed = (xx + yy - 2 * xy) / n
  const byChance = (xx + yy) / n - (2 * x * y) / (n * n)
  return byChance < SAME * SAME ? null : 1 - observed / byChance
}

/** Mean x − y. */
export const biasOf = ({ n, x, y }: Moments): number | null => (n === 0 ? null : (x - y) / n)

/** Share of pairs that are equal. */
export const agreementOf = ({ n, same }: Moments): number | null => (n === 0 ? null : same / n)

/** Two raters' answers to yes-or-no questions. */
export interface Confusion {
  readonly bothYes: number
  readonly onlyJudge: number
  readonly onlyHuman: number
  readonly bothNo: number
}

/** Cohen's kappa (Educ. Psychol. Meas. 20(1), 1960); null where both raters gave one and the same answer throughout. */
export function cohenKappa({ bothYes, onlyJudge, onlyHuman, bothNo }: Confusion): number | null {
  const n = bothYes + onlyJudge + onlyHuman + bothNo
  if (n === 0) return null
  const [judge, human] = [(bothYes + onlyJudge) / n, (bothYes + onlyHuman) / n]
  const byChance = judge * human + (1 - judge) * (1 - human)
  return byChance === 1 ? null : ((bothYes + bothNo) / n - byChance) / (1 - byChance)
}

/** How several raters agree on yes-or-no questions. */
export interface RaterAgreement {
  /** Questions. */
  readonly n: number
  /** Share of pairs of raters that gave the same answer, over all questions. */
  readonly agreement: number
  /** Fleiss' kappa (Psychol. Bull. 76(5), 1971); null where all raters gave one and the same answer throughout. */
  readonly kappa: number | null
}

/** Of `yes` answers among `raters` a question; questions with fewer than two raters say nothing. Null where none is left. */
export function raterAgreement(
  questions: readonly { readonly yes: number; readonly raters: number }[],
): RaterAgreement | null {
  const counted = questions.filter(({ raters }) => raters > 1)
  const n = counted.length
  if (n === 0) return null
  const pairs = counted.map(
    ({ yes, raters }) => (yes * (yes - 1) + (raters - yes) * (raters - yes - 1)) / (raters * (raters - 1)),
  )
  const agreement = pairs.reduce((sum, share) => sum + share, 0) / n
  const all = counted.reduce((sum, { raters }) => sum + raters, 0)
  const yes = counted.reduce((sum, question) => sum + question.yes, 0) / all
  const byChance = yes * yes + (1 - yes) * (1 - yes)
  return { n, agreement, kappa: byChance === 1 ? null : (agreement - byChance) / (1 - byChance) }
}
