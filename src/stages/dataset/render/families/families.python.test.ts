import { describe, expect, it } from 'vitest'
import { NO_SHARED_DATA, sharedData } from '../../../../../test/shared-data.js'
import { unwrap } from '../../../../nouns/index.js'
import { openDatasetModel, tokeniseConversation, type Tokenised } from '../../index.js'
import type { ChatMessage } from '../../conversation/index.js'
import { filesWith } from '../../testing/chat-templates.js'
import { askForFamily, withTextArguments, type Answer, type Printed } from '../../testing/families-oracle.js'
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

describe.each(MEMBERS)('$name', (member) => {
  const why = noPython || member.missing()
  const title = why === '' ? '' : ` (skipped: ${why})`

  it.skipIf(why !== '')(`text, ids and labels equal those of transformers${title}`, { timeout: 300_000 }, async () => {
    const { renderer, encode, ask } = await open(member)
    expect(renderer.family.family).toBe(member.family)
    const count = { real: 0, generated: 0, refused: 0, unsure: 0 }
    const talks = [...real, ...generatedTalks(20260101, member.talks)].map(
      renderer.family.form.argumentsAsText ? withTextArguments : (talk: Talk) => talk,
    )
    const answers = ask(talks)
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
    const { renderer, ask } = await open(glm)
    const ending = generatedTalks(7, 300).filter(({ messages }) => messages.at(-1)?.role === 'assistant')
    const continued = ask(
      ending.map((talk) => {
        const role = talk.messages.at(-1)?.tool_calls === undefined ? 'user' : 'tool'
        return { ...talk, messages: [...talk.messages, { role, content: '' }] }
      }),
    )
    // A user's message takes reasoning out of the history before it: those show another text.
    const same = ask(ending).flatMap((answer, index) => {
      const next = continued[index]!
      if (!('text' in answer) || !('text' in next) || !next.text.startsWith(answer.text)) return []
      const { text, spans } = unwrap(renderer.render(asConversation(ending[index]!, NOW)))
      expect(next.text.startsWith(text), answer.name).toBe(true)
      expect(spans.at(-1)?.end).toBe(text.length)
      return [text]
    })
    expect(same.length).toBeGreaterThan(100)
  },
)

interface Opened {
  readonly renderer: Renderer
  readonly ask: (talks: readonly Talk[]) => readonly Answer[]
  /** Null for a member without a tokeniser. */
  readonly encode: (talk: Talk) => Promise<Tokenised | null>
}

async function open({ template, model }: Member): Promise<Opened> {
  const folder = await model?.()
  const opened = folder === undefined ? null : unwrap(await openDatasetModel(folder))
  const files = opened?.files ?? filesWith(template())
  const renderer = opened?.renderer ?? unwrap(openRenderer(files))
  const { source: marked } = renderer.family
  const job = { original: template(), marked, model: folder ?? null, now: NOW, variables: files.specialTokens }
  return {
    renderer,
    ask: (talks) => askForFamily(job, talks),
    encode: async (talk) =>
      opened === null ? null : unwrap(await tokeniseConversation(opened, asConversation(talk, NOW))),
  }
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
