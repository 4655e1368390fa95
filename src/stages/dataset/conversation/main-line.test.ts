import { expect, it } from 'vitest'
import { unwrap, type Message, type Trajectory } from '../../../nouns/index.js'
import { IGNORED } from '../label/index.js'
import { openDatasetModel } from '../model.js'
import { onlySample, samplesFor } from '../testing/samples.js'
import { at, trajectoryOf } from '../testing/oracle.js'
import { stretchesOf } from './index.js'

const model = unwrap(await openDatasetModel(at('tiny')))
const say = (id: string, role: Message['role'], origin: Message['origin'], content: string): Message => ({
  id,
  role,
  origin,
  content,
})

async function trainedTexts(trajectory: Trajectory): Promise<Record<string, string[]>> {
  const texts: Record<string, string[]> = {}
  for (const { proof } of await samplesFor(model, trajectory)) {
    texts[proof.id] = proof.spans.map(({ message }) => message)
  }
  return texts
}

const compacted: Trajectory = {
  ...trajectoryOf('c', []),
  threads: [
    { id: 'root', messages: [say('u1', 'user', 'human', 'go'), say('a1', 'assistant', 'model', 'one')] },
    {
      id: 'next',
      parent: { thread: 'root', message: 'a1', relation: 'compaction' },
      messages: [
        say('r', 'user', 'rebuilt', 'So far: one.'),
        say('r2', 'assistant', 'rebuilt', 'one, in short'),
        say('a1', 'assistant', 'model', 'one'),
        say('u2', 'user', 'human', 'more'),
        say('a2', 'assistant', 'model', 'two'),
      ],
    },
    {
      id: 'helper',
      parent: { thread: 'root', message: 'a1', relation: 'subagent' },
      messages: [say('h', 'assistant', 'model', 'x')],
    },
  ],
}

it('the main line is the root and its continuations; rebuilt history is context, and nothing trains twice', async () => {
  expect(await trainedTexts(compacted)).toEqual({ c: ['a1'], 'c.part-2': ['a2'] })
})

it('a sub-agent is left out with a line', () => {
  expect(stretchesOf(compacted).notes).toEqual([
    expect.objectContaining({ sample: 'c', code: 'thread-left-out', message: expect.stringContaining('subagent') }),
  ])
})

it('only what the model emitted trains, whoever else spoke as the assistant', async () => {
  const thread = {
    id: 'root',
    messages: (['agent', 'model', 'human', 'rebuilt'] as const).map((origin) => say(origin, 'assistant', origin, 'x')),
  }
  expect(await trainedTexts({ ...trajectoryOf('o', []), threads: [thread] })).toEqual({ o: ['model'] })
})

it('where a limit cut the model short, the stop token was not emitted and does not train', async () => {
  const cut: Message = {
    ...say('a', 'assistant', 'model', 'unfinis'),
    call: { model: 'm', params: {}, stop: 'length' },
  }
  const trajectory = {
    ...trajectoryOf('l', []),
    threads: [{ id: 'root', messages: [say('u', 'user', 'human', 'x'), cut] }],
  }
  const made = await onlySample(model, trajectory)
  const [text] = await model.tokeniser.decode([made.sample.labels.filter((label) => label !== IGNORED)])
  expect(text).toBe('unfinis')
  expect(Object.values(made.proof.checks)).not.toContain(false)
  expect(made.notes).toContainEqual(expect.objectContaining({ code: 'cut-by-limit' }))
})

it('text parts are joined with a line about it; reasoning that the template leaves out is told', async () => {
  const message: Message = {
    ...say('a', 'assistant', 'model', ''),
    content: [
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two' },
    ],
    reasoning: { kind: 'full', text: 'hm' },
  }
  const trajectory = { ...trajectoryOf('p', []), threads: [{ id: 'root', messages: [message] }] }
  const made = await onlySample(model, trajectory)
  expect(made.notes.map(({ code }) => code)).toEqual(['parts-joined', 'reasoning-not-shown'])
})

it('with all threads, a sub-agent and what continues it are samples of their own', async () => {
  const helped: Trajectory = {
    ...compacted,
    threads: [
      ...compacted.threads,
      {
        id: 'helper-2',
        parent: { thread: 'helper', relation: 'compaction' },
        messages: [say('r', 'user', 'rebuilt', 'So far: x.'), say('h2', 'assistant', 'model', 'y')],
      },
    ],
  }
  const texts: Record<string, string[]> = {}
  for (const { proof } of await samplesFor(model, helped, { threads: 'all' })) {
    texts[proof.id] = proof.spans.map(({ message }) => message)
    expect(Object.values(proof.checks)).not.toContain(false)
  }
  expect(texts).toEqual({ c: ['a1'], 'c.part-2': ['a2'], 'c.helper': ['h'], 'c.helper.part-2': ['h2'] })
  expect(stretchesOf(helped, undefined, 'all').notes).toEqual([])
})

it('the line that an edit replaced is taught, and told', () => {
  const edited: Trajectory = {
    ...compacted,
    threads: [
      ...compacted.threads.slice(0, 1),
      { id: 'e', parent: { thread: 'root', message: 'u1', relation: 'edit' }, messages: [] },
    ],
  }
  const [note] = stretchesOf(edited).notes
  expect(note?.message).toContain('what is taught after message u1 is the line that the edit replaced')
})

it('two messages of one id are one message only where they say the same', async () => {
  const again = {
    ...compacted.threads[1]!,
    messages: compacted.threads[1]!.messages.map((message) =>
      message.id === 'a1' ? { ...message, content: 'another' } : message,
    ),
  }
  const trajectory = { ...compacted, threads: [compacted.threads[0]!, again] }
  expect(await trainedTexts(trajectory)).toEqual({ c: ['a1'], 'c.part-2': ['a1', 'a2'] })
})

it('a part in which nothing trains makes no sample, and is told', async () => {
  const trajectory = {
    ...compacted,
    threads: [
      compacted.threads[0]!,
      { ...compacted.threads[1]!, messages: compacted.threads[1]!.messages.slice(0, 4) },
    ],
  }
  expect(await trainedTexts(trajectory)).toEqual({ c: ['a1'] })
  expect((await onlySample(model, trajectory)).notes).toContainEqual(
    expect.objectContaining({ sample: 'c.part-2', code: 'nothing-trains' }),
  )
})

it.each(['length', 'content-filter', 'other'] as const)('after %s no stop token trains', async (stop) => {
  const said: Message = { ...say('a', 'assistant', 'model', 'unfinis'), call: { model: 'm', params: {}, stop } }
  const trajectory = {
    ...trajectoryOf('l', []),
    threads: [{ id: 'root', messages: [say('u', 'user', 'human', 'x'), said] }],
  }
  const made = await onlySample(model, trajectory)
  const [text] = await model.tokeniser.decode([made.sample.labels.filter((label) => label !== IGNORED)])
  expect([text, made.notes.map(({ code }) => code)]).toEqual(['unfinis', ['cut-by-limit']])
})

it('a weight between is told, and one of 0 does not train', async () => {
  const weighed = [0.5, 0, 2, 1].map((weight, index) => ({
    ...say(`a${index}`, 'assistant', 'model', `x${index}`),
    weight,
  }))
  const trajectory = {
    ...trajectoryOf('w', []),
    threads: [{ id: 'root', messages: [say('u', 'user', 'human', 'x'), ...weighed] }],
  }
  const made = await onlySample(model, trajectory)
  expect(made.proof.spans.map(({ message }) => message)).toEqual(['a0', 'a2', 'a3'])
  const [note] = made.notes
  expect(note?.code).toBe('weight-not-kept')
  expect(note?.message).toContain('a0 (0.5), a2 (2)')
})
