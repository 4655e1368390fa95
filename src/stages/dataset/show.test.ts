import { expect, it } from 'vitest'
import { toolTrajectory } from '../../../test/support/tiny-dataset.js'
import { unwrap, type Trajectory } from '../../nouns/index.js'
import { describeSample, openDatasetModel, viewSample } from './index.js'
import { familyModels } from './testing/family-models.js'
import { onlySample, samplesFor } from './testing/samples.js'
import { at, conversations, recorded, trajectoryOf } from './testing/oracle.js'

const model = unwrap(await openDatasetModel(at('tiny')))

const viewOf = async (name: string) => {
  const { messages } = conversations().find((each) => each.name === name)!
  const trajectory = trajectoryOf('t', messages)
  const made = await onlySample(model, trajectory)
  return { view: unwrap(await viewSample(model, made.sample, trajectory)), sample: made.sample, trajectory }
}

it('the tokens of all segments together are the text, one view a token', async () => {
  for (const { name, text, ids, trained } of recorded('tiny')) {
    const { view } = await viewOf(name)
    const tokens = view.segments.flatMap((segment) => segment.tokens)
    expect(tokens.map((token) => token.text).join(''), name).toBe(text)
    expect(tokens).toHaveLength(ids.length)
    expect(tokens.filter(({ trains }) => trains)).toHaveLength(trained.reduce((sum, [from, to]) => sum + to - from, 0))
  }
})

it('a segment is a message with its role; what the template adds stands before them', async () => {
  const { view } = await viewOf('tool messages')
  expect(view.segments.map(({ role }) => role)).toEqual([
    null,
    'user',
    'assistant',
    'tool',
    'assistant',
    'tool',
    'assistant',
  ])
  const answer = view.segments[2]!.tokens.map(({ text, trains }) => (trains ? text : '')).join('')
  expect(answer).toBe('running<|im_end|>')
})

it('on a terminal, what trains is coloured; control characters of the text are not sent', async () => {
  const { view } = await viewOf('control characters')
  const shown = describeSample(view, true)
  expect(shown).toContain('\u001b[32m')
  expect(describeSample(view, false).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  expect(describeSample(view, false)).toContain('␛[31m')
})

/** As far as the first answer, with one call and nothing said beside it, as gpt-oss calls. */
function oneCallOf(trajectory: Trajectory): Trajectory {
  const [thread] = trajectory.threads
  const messages = thread!.messages
    .filter(({ toolCallId }) => toolCallId !== 'c2')
    .slice(0, 5)
    .map((message) =>
      message.toolCalls === undefined ? message : { ...message, content: '', toolCalls: message.toolCalls.slice(0, 1) },
    )
  return { ...trajectory, created: '2026-01-02T00:00:00Z', threads: [{ ...thread!, messages }] }
}

const gptoss = familyModels().find(({ name }) => name === 'gptoss')!

it.skipIf(gptoss.missing !== '')(
  `a sample that no one rendering prints is shown as it was built, an answer after calls with analysis ${gptoss.missing}`,
  { timeout: 60_000 },
  async () => {
    const family = await gptoss.open()
    const trajectory = oneCallOf(toolTrajectory())
    const made = await samplesFor(family, trajectory)
    const views = []
    for (const { sample } of made) views.push(unwrap(await viewSample(family, sample, trajectory)))
    const texts = views.map(({ segments }) => segments.flatMap(({ tokens }) => tokens.map(({ text }) => text)).join(''))
    const decoded = await family.tokeniser.decode(made.map(({ sample }) => sample.input_ids))
    expect(texts).toEqual(decoded)
    expect(texts.some((text) => text.includes('List both.') && text.includes('Two.'))).toBe(true)
  },
)

it('a sample that its trajectory does not give is refused', async () => {
  const { sample, trajectory } = await viewOf('one turn')
  const other = await viewSample(model, { ...sample, input_ids: [...sample.input_ids, 5] }, trajectory)
  expect(other).toMatchObject({ ok: false, failure: { code: 'dataset.differs' } })
})
