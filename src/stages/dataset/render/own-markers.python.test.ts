import { expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { filesWith, trlTemplates } from '../testing/chat-templates.js'
import { askForFamilies, type Answer } from '../testing/families-oracle.js'
import { pythonForTests } from '../testing/oracle.js'
import { asConversation, generatedTalks } from '../testing/talks.js'
import { placesIn } from '../tokenise/places.js'
import { openRenderer, type Renderer } from './index.js'

const NOW = new Date('2026-02-03T04:05:06Z')
const training = trlTemplates().filter(({ name }) => name.endsWith('_training'))
const talks = generatedTalks(99, 120)
const absent = pythonForTests === undefined ? ' (skipped: set LIMI_TEST_PYTHON to a Python with TRL)' : ''

it.skipIf(training.length === 0)(
  `TRL's training templates are obeyed, with their own markers${absent}`,
  { timeout: 300_000 },
  async () => {
    const opened = training.map(({ name, source }) => {
      const files = filesWith(source)
      const job = { original: source, marked: source, model: null, variables: files.specialTokens, now: NOW }
      return { name, job, renderer: unwrap(openRenderer(files)) }
    })
    const answers = await askForFamilies(opened.map(({ job }) => ({ job, talks })))
    for (const [index, { name, renderer }] of opened.entries()) {
      expect(answers[index], name).toHaveLength(talks.length)
      expect(countEqual(renderer, answers[index]!), name).toBeGreaterThan(0)
    }
  },
)

/** Compares text and each block; a refusal must be one on both sides, if limi is sure of it. */
function countEqual(renderer: Renderer, answers: readonly Answer[]): number {
  let equal = 0
  for (const [index, answer] of answers.entries()) {
    const rendered = renderer.render(asConversation(talks[index]!, NOW))
    if ('text' in answer && rendered.ok) {
      const { text, spans } = rendered.value
      const places = placesIn(text)
      expect(text).toBe(answer.text)
      expect(spans.map(({ start, end }) => [places.toCodePoint(start), places.toCodePoint(end)])).toEqual(answer.spans)
      equal += 1
    } else if (!rendered.ok && rendered.failure.code !== 'value.prints-differently') {
      expect(rendered.failure.code).toBe('template.refused')
      expect(answer).toHaveProperty('refused')
    }
  }
  return equal
}
