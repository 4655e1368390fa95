import { canonicalJson } from '../../../../shared/project/index.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { isFields } from '../values.js'
import { isElided } from './message.js'
import type { HistoryItem, Step } from './record.js'

/** Where each step belongs: to the answer in the history that it came of, or to none. */
export interface Joined {
  /** By the answer's place in the main line. */
  readonly byAnswer: ReadonlyMap<number, Step>
  /** Answers that SWE-agent asked for again: they stand in no history. `before` is the place of the answer that followed. */
  readonly requeried: readonly { readonly step: Step; readonly before: number }[]
  /** The last answer, where the run ended before it was written to the history. */
  readonly last: Step | null
}

interface Pair {
  readonly item: number
  readonly step: number
}

/** Finds each step's answer by its text, in order; between two that are found, by place where their numbers are equal. */
export function joinSteps(line: readonly HistoryItem[], steps: readonly Step[]): Joined {
  const answers = line.flatMap((item, at) => (item.role === 'assistant' && item.is_demo !== true ? [at] : []))
  const pairs = pairsByText(line, answers, steps)
  const byAnswer = new Map<number, Step>()
  const requeried: { step: Step; before: number }[] = []
  let last: Step | null = null
  let from: Pair = { item: -1, step: -1 }
  let passed = 0
  for (const to of [...pairs, { item: line.length, step: steps.length }]) {
    // Answers and pairs both come in order, so that each answer is looked at once.
    const begin = passed
    while (passed < answers.length && (answers[passed] as number) < to.item) passed += 1
    const unfound = answers.slice(begin, passed)
    if (answers[passed] === to.item) passed += 1
    const between = steps.slice(from.step + 1, to.step)
    if (unfound.length === between.length) unfound.forEach((at, place) => byAnswer.set(at, between[place] as Step))
    else if (to.item < line.length) for (const step of between) requeried.push({ step, before: to.item })
    else {
      for (const step of between.slice(0, -1)) requeried.push({ step, before: line.length })
      last = between.at(-1) ?? null
    }
    const step = steps[to.step]
    if (step !== undefined) byAnswer.set(to.item, step)
    from = to
  }
  return { byAnswer, requeried, last }
}

/** Where a text stands among the steps; those before `next` are passed. */
interface Places {
  readonly at: number[]
  next: number
}

function pairsByText(line: readonly HistoryItem[], answers: readonly number[], steps: readonly Step[]): Pair[] {
  const places = new Map<string, Places>()
  for (const [at, { response }] of steps.entries()) {
    const known = places.get(response ?? '')
    if (known === undefined) places.set(response ?? '', { at: [at], next: 0 })
    else known.at.push(at)
  }
  let next = 0
  return answers.flatMap((item): Pair[] => {
    const known = places.get(textOf(line[item]?.content))
    while (known !== undefined && (known.at[known.next] ?? next) < next) known.next += 1
    const step = known?.at[known.next]
    if (step === undefined) return []
    next = step + 1
    return [{ item, step }]
  })
}

export function textOf(content: HistoryItem['content']): string {
  if (typeof content === 'string') return content
  return (content ?? []).map((part) => (typeof part['text'] === 'string' ? part['text'] : '')).join('')
}

/** A step without what its message says already: the answer itself, and of the query what equals the history before it. */
export function restOfStep(
  step: Step,
  content: HistoryItem['content'],
  before: readonly HistoryItem[],
  oddities: Oddities,
): Record<string, unknown> {
  const { query, response } = step
  const isCopy = response === null || response === undefined || response === textOf(content)
  if (!isCopy) oddities.count('differing-copies')
  const rest = omit(step, 'query', ...(isCopy && typeof response === 'string' ? (['response'] as const) : []))
  const shown = Array.isArray(query) ? differencesFrom(query, before, oddities) : query
  return shown === undefined ? rest : { ...rest, query: shown }
}

/** What the model was shown otherwise than the history has it: whole items with their places, undefined where nothing differs. */
function differencesFrom(query: readonly unknown[], before: readonly HistoryItem[], oddities: Oddities): unknown {
  const differing = query.flatMap((item, at) => (isSame(item, before[at]) ? [] : [{ at, item }]))
  if (
    differing.some(({ item }) => isFields(item) && typeof item['content'] === 'string' && isElided(item['content']))
  ) {
    oddities.count('cut-by-agent')
  }
  return differing.length === 0 && query.length === before.length ? undefined : { length: query.length, differing }
}

const isSame = (a: unknown, b: unknown): boolean => b !== undefined && canonicalJson(a) === canonicalJson(b)
