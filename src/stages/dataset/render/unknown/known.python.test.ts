import { beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../../../nouns/index.js'
import { renderEach, splitHistories, type History } from '../../histories/index.js'
import { askPython } from '../../testing/ask-python.js'
import { at, pythonForTests } from '../../testing/oracle.js'
import { asConversation, generatedTalks } from '../../testing/talks.js'
import { unknownRenderer } from '../../testing/unknown/renderer.js'
import { knownTemplates, markedBesides, variablesOf, type Known } from '../../testing/unknown/templates.js'

const absent = pythonForTests === undefined ? ' (skipped: set LIMI_TEST_PYTHON to a Python with TRL)' : ''
/** For figures, more: `LIMI_TEST_TALKS=240`. */
const COUNT = Number(process.env['LIMI_TEST_TALKS'] ?? 24)
const NOW = new Date('2026-01-02T00:00:00Z')
const conversations = generatedTalks(20260102, COUNT)
  .map((talk) => asConversation(talk, NOW))
  .filter(({ messages }) => messages.some(({ trains }) => trains))

type Range = readonly [number, number]

interface Answer {
  readonly refused?: string
  readonly text: string
  readonly defined: readonly (Range | null)[]
  readonly marked: readonly Range[] | null
}

const known = absent === '' ? knownTemplates() : []

/** By a template's name. One run of Python answers all. */
const asked = new Map<string, Proved & { readonly answers: readonly Answer[] }>()
beforeAll(async () => {
  if (known.length === 0) return
  const proved = known.map((each) => ({ ...each, ...prove(each) }))
  const answers = await askTransformers(proved)
  for (const [index, { name, tally, histories }] of proved.entries()) {
    asked.set(name, { tally, histories, answers: answers[index]! })
  }
}, 900_000)

describe.skipIf(absent !== '')(`known templates, taken as unknown${absent}`, () => {
  it.each(known)('$name: every span is right', (known) => {
    const { tally, histories, answers } = asked.get(known.name)!
    const compared = { spans: 0, marked: 0 }
    const wrong = histories.flatMap((history, index) => differences(known, history, answers[index], compared))
    if (process.env['LIMI_TEST_TALKS'] !== undefined) console.log(known.name, JSON.stringify({ ...tally, ...compared }))
    expect(wrong.slice(0, 5)).toEqual([])
  })
})

interface Proved {
  /** How many conversations came to what end. */
  readonly tally: Readonly<Record<string, number>>
  readonly histories: readonly History[]
}

function prove(known: Known): Proved {
  const renderer = unwrap(unknownRenderer(known.source, known.stops, variablesOf(known)))
  const tally: Record<string, number> = {}
  const histories: History[] = []
  for (const conversation of conversations) {
    const split = splitHistories(renderer, conversation, renderEach)
    const outcome = split.ok ? 'proved' : split.failure.code
    tally[outcome] = (tally[outcome] ?? 0) + 1
    if (split.ok) histories.push(...split.value)
  }
  return { tally, histories }
}

/** Each span against what transformers says by the definition, where no text holds a stop token, and against TRL's markers. */
function differences(
  known: Known,
  { conversation, rendered, places }: History,
  answer: Answer | undefined,
  compared: { spans: number; marked: number },
): readonly string[] {
  if (answer?.text !== rendered.text) return [`another text: ${answer?.refused ?? ''}`]
  const holdsStop = known.stops.some((stop) => JSON.stringify(conversation.messages).includes(stop))
  const points = Array.from(rendered.text)
  const pointAt = (place: number): number => Array.from(rendered.text.slice(0, place)).length
  const text = ([start, end]: Range): string => points.slice(start, end).join('')
  const speakers = conversation.messages.filter(({ chat }) => chat.role === 'assistant')
  return speakers.flatMap(({ id }, nth) => {
    const span = rendered.spans.find(({ message }) => message === id)
    if (span === undefined || !places.has(id)) return []
    const found: Range = [pointAt(span.start), pointAt(span.end)]
    const defined = answer.defined[nth] ?? null
    compared.spans += 1
    if (!holdsStop && JSON.stringify(defined) !== JSON.stringify(found))
      return [
        `${JSON.stringify(text(found))}, by definition ${defined === null ? 'none' : JSON.stringify(text(defined))}`,
      ]
    if (answer.marked === null) return []
    compared.marked += 1
    const said = text(found)
    const marked = touching(answer.marked).map((range) => withoutStops(text(range), known.stops))
    const same = markedBesides(known).some((more) => marked.includes(withoutStops(more + said, known.stops)))
    return same ? [] : [`${JSON.stringify(said)}, marked ${JSON.stringify(marked)}`]
  })
}

/** Each range, and each with those that follow it without a gap: TRL marks some messages in several blocks. */
const touching = (ranges: readonly Range[]): readonly Range[] =>
  ranges.flatMap(([start], index) => {
    const from = ranges.slice(index)
    const gap = from.findIndex((range, next) => next > 0 && range[0] !== from[next - 1]?.[1])
    return from.slice(0, gap < 0 ? from.length : gap).map(([, end]): Range => [start, end])
  })

/** Where TRL prints other stops or line ends after the first one, that is no matter of the model's words. */
function withoutStops(text: string, stops: readonly string[]): string {
  let rest = text.trimEnd()
  for (
    let stop = stops.find((each) => rest.endsWith(each));
    stop !== undefined;
    stop = stops.find((each) => rest.endsWith(each))
  )
    rest = rest.slice(0, -stop.length).trimEnd()
  return rest
}

async function askTransformers(proved: readonly (Known & Proved)[]): Promise<readonly (readonly Answer[])[]> {
  const now = NOW.toISOString().slice(0, 19)
  const lines = proved.flatMap(({ histories, ...known }) => [
    { template: known.source, marked: known.marked, stops: known.stops, variables: variablesOf(known), now },
    ...histories.map(({ conversation: { messages, tools } }) => ({
      messages: messages.map(({ chat }) => chat),
      tools,
    })),
  ])
  const answers = (await askPython([at('unknown', 'definition.py')], lines)) as readonly Answer[]
  let start = 0
  return proved.map(({ histories }) => answers.slice(start, (start += histories.length)))
}
