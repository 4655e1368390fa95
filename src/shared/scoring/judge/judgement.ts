import { digestOfValue } from '../../project/index.js'
import type { JudgeSheet } from './judge.js'
import { sectionsOf } from './prompt.js'

/** A sheet by content: two judgements with the same digest judged the same thing by the same rubric. */
export const sheetDigest = (sheet: JudgeSheet): string =>
  digestOfValue([
    sheet.rubric.map(({ id, requirement, weight }) => [id, requirement, weight]),
    sectionsOf(sheet),
    sheet.missing,
  ])
