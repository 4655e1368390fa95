import type { RubricItem } from '../../../nouns/index.js'
import { digestOfValue } from '../../project/index.js'
import type { JudgeSheet } from './judge.js'
import { sectionsOf } from './prompt.js'

/** What every judgement keeps of its sheet: the rubric, and a digest, equal where the same thing was judged by the same rubric. */
export function sheetRecord(sheet: JudgeSheet): { readonly rubric: RubricItem[]; readonly sheet: string } {
  const rubric = sheet.rubric.map(({ id, requirement, weight, absence }) => ({
    id,
    requirement,
    weight,
    ...(absence === undefined ? {} : { absence }),
  }))
  return { rubric, sheet: digestOfValue([rubric, sectionsOf(sheet), sheet.missing]) }
}

/** The data in what a judge was asked, as it was shown; null where there is none. A line of data cannot look like what ends it. */
export function dataIn(prompt: string): string | null {
  const begin = /^BEGIN [0-9a-f]+ 1: /mu.exec(prompt)?.index
  if (begin === undefined) return null
  const end = prompt.indexOf('\n\nThe data is over.', begin)
  return prompt.slice(begin, end < 0 ? undefined : end)
}
