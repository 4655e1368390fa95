import type { RubricItem } from '../../../nouns/index.js'
import { digestOfValue } from '../../project/index.js'
import type { JudgeSheet } from './judge.js'
import { sectionsOf } from './prompt.js'

interface SheetRecord {
  readonly rubric: RubricItem[]
  /** Equal where the same thing was judged by the same rubric. */
  readonly sheet: string
  /** What the judge was not shown, and how much. */
  readonly cuts?: readonly string[]
}

/** What every judgement keeps of its sheet. */
export function sheetRecord(sheet: JudgeSheet): SheetRecord {
  const rubric = sheet.rubric.map(({ id, requirement, weight, absence }) => ({
    id,
    requirement,
    weight,
    ...(absence === undefined ? {} : { absence }),
  }))
  const sections = sectionsOf(sheet)
  const cuts = sections.flatMap(({ name, cut }) => (cut === undefined ? [] : [`${name}: ${cut}`]))
  const all = [...cuts, ...sheet.missing]
  return {
    rubric,
    sheet: digestOfValue([rubric, sections, sheet.missing]),
    ...(all.length === 0 ? {} : { cuts: all }),
  }
}

/** The data in what a judge was asked, as it was shown; null where there is none. A line of data cannot look like what ends it. */
export function dataIn(prompt: string): string | null {
  const begin = /^BEGIN [0-9a-f]+ 1: /mu.exec(prompt)?.index
  if (begin === undefined) return null
  const end = prompt.indexOf('\n\nThe data is over.', begin)
  return prompt.slice(begin, end < 0 ? undefined : end)
}
