import { z } from 'zod'
import type { RubricItem } from '../../../nouns/index.js'
import { canonicalJson } from '../../project/index.js'
import { problemOfQuote } from './evidence.js'
import { jsonObjectsIn } from './json-objects.js'
import type { JudgeSheet } from './judge.js'
import type { Section } from './prompt.js'

const words = z
  .string()
  .nullish()
  .transform((text) => text ?? null)

const Item = z.looseObject({ id: z.string(), met: z.boolean(), from: words, quote: words, why: words })
type Item = z.infer<typeof Item>

/** A judge's word on one requirement. */
export interface Finding {
  readonly id: string
  /** What the judge said. */
  readonly met: boolean
  /** What counts: a yes without evidence that was checked does not. */
  readonly counted: boolean
  readonly from: string | null
  readonly quote: string | null
  readonly why: string | null
  /** Why a yes does not count. */
  readonly problem?: string
}

export type ReadVerdict =
  | { readonly findings: readonly Finding[] }
  | { /** Holds nothing of the answer: it is told to the judge. */ readonly problem: string }

/** Answers beyond this are no verdict. */
const MOST_CHARACTERS = 400_000

/**
 * The verdict in a judge's own answer: the one JSON object that has this call's key and one entry for each requirement. Objects without the
 * key are passed over, whatever they say: a workspace cannot know the key, so what was copied from it never counts.
 */
export function readVerdict(raw: string, key: string, sheet: JudgeSheet, sections: readonly Section[]): ReadVerdict {
  if (raw.length > MOST_CHARACTERS) return { problem: `the answer has more than ${MOST_CHARACTERS} characters` }
  const keyed = jsonObjectsIn(raw).filter((value) => (value as { key?: unknown }).key === key)
  const distinct = [...new Map(keyed.map((value) => [canonicalJson(value), value])).values()]
  if (distinct.length === 0) return { problem: 'there is no JSON object with the key of this call in it' }
  if (distinct.length > 1) return { problem: 'there are several JSON objects with the key, and they differ' }
  const { requirements } = distinct[0] as { requirements?: unknown }
  const items = z.array(Item).safeParse(requirements)
  if (!items.success) {
    return {
      problem:
        '"requirements" is no list of objects with "id" (text), "met" (true or false), "from", "quote" and "why" (text)',
    }
  }
  const problem = problemOfIds(items.data, sheet.rubric)
  if (problem !== null) return { problem }
  const byId = new Map(items.data.map((item) => [item.id, item]))
  return { findings: sheet.rubric.flatMap((item) => findingOf(item, byId.get(item.id), sheet, sections)) }
}

function problemOfIds(items: readonly Item[], rubric: readonly RubricItem[]): string | null {
  const given = items.map(({ id }) => id)
  if (new Set(given).size < given.length) return 'a requirement has more than one entry'
  const absent = rubric.filter(({ id }) => !given.includes(id))
  if (absent.length > 0)
    return `these requirements have no entry: ${absent.map(({ id }) => JSON.stringify(id)).join(', ')}`
  return given.length > rubric.length ? 'there are entries for requirements that are not in the rubric' : null
}

function findingOf(
  item: RubricItem,
  said: Item | undefined,
  sheet: JudgeSheet,
  sections: readonly Section[],
): Finding[] {
  if (said === undefined) return []
  const { id, met, from, quote, why } = said
  const problem = met ? problemOfYes(item, said, sheet, sections) : null
  return [{ id, met, counted: met && problem === null, from, quote, why, ...(problem === null ? {} : { problem }) }]
}

/** Something's absence cannot be quoted; it can be seen only by who was shown everything. */
function problemOfYes(
  item: RubricItem,
  { from, quote }: Item,
  sheet: JudgeSheet,
  sections: readonly Section[],
): string | null {
  if (item.absence !== true) return problemOfQuote(sections, from, quote)
  const isWhole = sheet.missing.length === 0 && sections.every(({ cut }) => cut === undefined)
  return isWhole ? null : 'that something is absent cannot be seen where not everything was shown'
}
