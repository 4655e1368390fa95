import { beforeAll, describe, expect, it } from 'vitest'
import { NO_SHARED_DATA, sharedData } from '../../../../../test/shared-data.js'
import { unwrap } from '../../../../nouns/index.js'
import { openDatasetModel, tokeniseConversation, type Tokenised } from '../../index.js'
import type { ChatMessage } from '../../conversation/index.js'
import { filesWith } from '../../testing/chat-templates.js'
import {
  askForFamilies,
  withTextArguments,
  type Answer,
  type Asked,
  type Job,
  type Printed,
} from '../../testing/families-oracle.js'
import { MEMBERS, type Member } from '../../testing/members.js'
import { labelsOf, pythonForTests } from '../../testing/oracle.js'
import { sharedTalks } from '../../testing/shared-talks.js'
import { asConversation, generatedTalks, type Talk } from '../../testing/talks.js'
import { placesIn } from '../../tokenise/places.js'
import { openRenderer, type MarkedTemplate, type Rendered, type Renderer } from '../index.js'

const NOW = new Date('2026-02-03T04:05:06Z')
const real = sharedData === null ? [] : sharedTalks(sharedData)
const noPython = pythonForTests === undefined ? 'set LIMI_TEST_PYTHON to a Python with transformers and TRL' : ''

/** Codes with which limi refuses what transformers renders: it does not know for certain what Jinja prints there. */
const UNSURE = new Set(['value.prints-differently', 'text.invalid', 'span.unlocated'])

const whyNot = (member: Member): string => noPython || member.missing()

/** By a member's name. One run of Python answers all. */
const asked = new Map<string, Asked & { readonly answers: readonly Answer[] }>()
beforeAll(async () => {
  const present = MEMBERS.filter((member) => whyNot(member) === '')
  if (present.length === 0) return
  const questions = await Promise.all(present.map(questionsFor))
  const answers = await askForFamilies(questions)
  for (const [index, { name }] of present.entries()) {
    asked.set(name, { ...questions[index]!, answers: answers[index]! })
  }
}, 900_000)

describe.each(MEMBERS)('$name', (member) => {
  const why = whyNot(member)
  const title = why === '' ? '' : ` (skipped: ${why})`

  it.skipIf(why !== '')(`text, ids and labels equal those of transformers${title}`, { timeout: 300_000 }, async () => {
    const { job, talks, answers } = asked.get(member.name)!
    const { renderer, encode } = await open(job)
    expect(renderer.family.family).toBe(member.family)
    expect(renderer.family.source).toBe(job.marked)
    const count = { real: 0, generated: 0, refused: 0, unsure: 0 }
    for (const [index, talk] of talks.entries()) {
      const answer = answers[index]!
      expect(answer, talk.name).not.toHaveProperty('different')
      const conversation = asConversation(talk, NOW)
      const rendered = renderer.render(conversation)
      if (!rendered.ok && UNSURE.has(rendered.failure.code)) {
        count.unsure += 1
        continue
      }
      if (!rendered.ok || 'refused' in answer) {
        expect([talk.name, rendered.ok ? 'printed' : rendered.failure.code], JSON.stringify(answer)).toEqual([
          talk.name,
          'refused' in answer ? 'template.refused' : 'printed',
        ])
        count.refused += 1
        continue
      }
      compareSpans(talk, rendered.value, answer as Printed, renderer.family)
      compareTurns(talk, renderer, rendered.value)
      const tokenised = await encode(talk)
      if (tokenised !== null) {
        expect(tokenised.encoded.ids, talk.name).toEqual((answer as Printed).ids)
        expect(tokenised.labelled.labels, talk.name).toEqual(labelsOf(answer as Printed))
      }
      count[talk.name.startsWith('generated') ? 'generated' : 'real'] += 1
    }
    expect(count.generated).toBeGreaterThanOrEqual(1000)
    expect(count.unsure).toBeLessThan(20)
    if (sharedData !== null) expect(count.real, NO_SHARED_DATA).toBeGreaterThanOrEqual(40)
  })
})

it.skipIf(noPython !== '')(
  'GLM-4.5: the tag that ends a last answer is the one that its template prints when the conversation goes on',
  { timeout: 120_000 },
  async () => {
    const glm = MEMBERS.find(({ family }) => family === 'glm-4.5')!
    const { job } = await questionsFor(glm)
    const { renderer } = await open(job)
    const ending = generatedTalks(7, 300).filter(({ messages }) => messages.at(-1)?.role === 'assistant')
    const continued = ending.map((talk) => {
      const role = talk.messages.at(-1)?.tool_calls === undefined ? 'user' : 'tool'
      return { ...talk, messages: [...talk.messages, { role, content: '' } as const] }
    })
    const [ends, goesOn] = await askForFamilies([ending, continued].map((talks) => ({ job, talks })))
    // A user's message takes reasoning out of the history before it: those show another text.
    const same = ends!.flatMap((answer, index) => {
      const next = goesOn![index]!
      if (!('text' in answer) || !('text' in next) || !next.text.startsWith(answer.text)) return []
      const { text, spans } = unwrap(renderer.render(asConversation(ending[index]!, NOW)))
      expect(next.text.startsWith(text), answer.name).toBe(true)
      expect(spans.at(-1)?.end).toBe(text.length)
      return [text]
    })
    expect(same.length).toBeGreaterThan(100)
  },
)

async function questionsFor(member: Member): Promise<Asked> {
  const original = member.template()
  const files = filesWith(original)
  const { source: marked, form } = unwrap(openRenderer(files)).family
  const model = (await member.model?.()) ?? null
  const job = { original, marked, model, now: NOW, variables: files.specialTokens }
  const talks = [...real, ...generatedTalks(20260101, member.talks)]
  return { job, talks: form.argumentsAsText ? talks.map(withTextArguments) : talks }
}

interface Opened {
  readonly renderer: Renderer
  /** Null for a member without a tokeniser. */
  readonly encode: (talk: Talk) => Promise<Tokenised | null>
}

async function open({ original, model }: Job): Promise<Opened> {
  if (model === null) {
    const renderer = unwrap(openRenderer(filesWith(original)))
    return { renderer, encode: () => Promise.resolve(null) }
  }
  const opened = unwrap(await openDatasetModel(model))
  const encode = async (talk: Talk): Promise<Tokenised> =>
    unwrap(await tokeniseConversation(opened, asConversation(talk, NOW)))
  return { renderer: opened.renderer, encode }
}

/** Text and spans as transformers' own renderer has them; the tag that a model emits last is in no rendering of it. */
function compareSpans(talk: Talk, { text, original, spans }: Rendered, answer: Printed, family: MarkedTemplate): void {
  const tag = lastTag(talk, family)
  expect(text, talk.name).toBe(answer.text + tag)
  expect(original, talk.name).toBe(text)
  const places = placesIn(text)
  const points = (place: number): number => places.toCodePoint(Math.min(place, answer.text.length))
  const ours = joined(spans.map(({ start, end }) => [points(start), points(end)] as const))
  expect(ours, talk.name).toEqual(joined(answer.spans))
  const last = spans.at(-1)
  if (tag !== '') expect(text.slice(last?.start, last?.end).endsWith(tag), talk.name).toBe(true)
}

const lastTag = ({ messages }: Talk, { nextTags }: MarkedTemplate): string => {
  const last: ChatMessage | undefined = messages.at(-1)
  if (nextTags === null || last?.role !== 'assistant') return ''
  return last.tool_calls === undefined ? nextTags.afterAnswer : nextTags.afterCalls
}

type Range = readonly [number, number]

function joined(ranges: readonly Range[]): readonly Range[] {
  const all: Range[] = []
  for (const range of ranges) {
    const last = all.at(-1)
    if (range[0] === range[1]) continue
    if (last?.[1] === range[0]) all[all.length - 1] = [last[0], range[1]]
    else all.push(range)
  }
  return all
}

/** Each span begins where the model's own template, without markers, ends the prompt, if the rendering shows what the model read. */
function compareTurns(talk: Talk, renderer: Renderer, { text, spans }: Rendered): void {
  const turns = renderer.turns(asConversation(talk, NOW), text)
  const starts = new Map(spans.map(({ message, start }) => [message, start]))
  for (const { message, place } of turns) {
    if (place !== null) expect([talk.name, message, starts.get(message)]).toEqual([talk.name, message, place.prompt])
  }
}
