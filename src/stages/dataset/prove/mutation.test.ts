import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { unwrap, type Sample, type SampleProof, type Trajectory } from '../../../nouns/index.js'
import { IGNORED, labelTokens } from '../label/index.js'
import { buildDataset, checkDataset, openDatasetModel, renderEach, tokeniseConversation } from '../index.js'
import { onModelMessages } from '../conversation/index.js'
import { at, conversationOf, conversations, trajectoryOf, type Turn } from '../testing/oracle.js'
import { samplesFor } from '../testing/samples.js'
import { trainsOnce } from './once.js'
import { promptsFit } from './prompts.js'
import { isProved, proveSample } from './sample-proof.js'

const turns: Turn[] = [
  { role: 'user', content: 'Run it.' },
  { role: 'assistant', content: 'running 😀' },
  { role: 'tool', content: 'exit 0' },
  { role: 'assistant', content: 'It passed.' },
]
const trajectories = [
  trajectoryOf('first', conversations()[0]!.messages),
  trajectoryOf('with-a-tool', turns),
  trajectoryOf('last', conversations()[4]!.messages),
]
const STOP = 2

const wrongs: Record<string, (sample: Sample) => void> = {
  'one label shifted': ({ labels, input_ids }) => {
    const start = labels.findIndex((label) => label !== IGNORED)
    labels[start - 1] = input_ids[start - 1]!
    labels[labels.indexOf(STOP)] = IGNORED
  },
  'one label with another id': ({ labels }) => {
    labels[labels.findIndex((label) => label !== IGNORED)]! += 1
  },
  'one stop token that does not train': ({ labels }) => {
    labels[labels.lastIndexOf(STOP)] = IGNORED
  },
  'the line end after a stop token trains': ({ labels, input_ids }) => {
    const after = labels.indexOf(STOP) + 1
    labels[after] = input_ids[after]!
  },
  'a tool result trains': ({ labels, input_ids }) => {
    const between = labels.indexOf(STOP) + 5
    labels[between] = input_ids[between]!
  },
  'nothing trains': ({ labels }) => {
    labels.fill(IGNORED)
  },
  'one token missing': ({ labels, input_ids }) => {
    labels.pop()
    input_ids.pop()
  },
}

describe('the proof catches code that labels wrongly', () => {
  const proofOf = async (wrong: (sample: Sample) => void): Promise<SampleProof> => {
    const model = unwrap(await openDatasetModel(at('tiny')))
    const made = unwrap(await tokeniseConversation(model, conversationOf(turns)))
    const sample = { id: 's', trajectory: 't', input_ids: [...made.encoded.ids], labels: [...made.labelled.labels] }
    wrong(sample)
    return proveSample(model, made, sample)
  }

  it('and accepts what is right', async () => expect(isProved(await proofOf(() => undefined))).toBe(true))

  it.each(Object.entries(wrongs))('%s', async (_name, wrong) => expect(isProved(await proofOf(wrong))).toBe(false))

  it.each([
    ['spans that stop before the stop token', (text: string, end: number) => end - '<|im_end|>'.length],
    ['spans that take the line end along', (_text: string, end: number) => end + 1],
    ['a span over the tool result', (text: string) => text.indexOf('exit 0') + 6],
  ])('%s, labelled consistently', async (_name, endOf) => {
    const model = unwrap(await openDatasetModel(at('tiny')))
    const made = unwrap(await tokeniseConversation(model, conversationOf(turns)))
    const spans = made.labelled.spans.map((span, index) =>
      index === 0 ? { ...span, end: endOf(made.rendered.text, span.end) } : span,
    )
    const labelled = unwrap(labelTokens(made.encoded, spans))
    const sample = { id: 's', trajectory: 't', input_ids: [...made.encoded.ids], labels: [...labelled.labels] }
    const proof = await proveSample(model, { ...made, labelled }, sample)
    expect(proof.checks['spans-are-what-was-emitted']).toBe(false)
  })
})

describe('the proof catches what trains twice, not at all, or after another prompt', () => {
  const [first, second] = [turns.slice(0, 2), turns.slice(2)].map((part, index) =>
    trajectoryOf('t', part).threads[0]!.messages.map((message) => ({ ...message, id: `${index}${message.id}` })),
  )
  const compacted = trajectoryOf('t', [], {
    threads: [
      { id: 'main', messages: first! },
      { id: 'next', parent: { thread: 'main', relation: 'compaction' }, messages: [...first!, ...second!] },
    ],
  })
  const once = (proofs: readonly Pick<SampleProof, 'thread' | 'spans'>[]): boolean =>
    trainsOnce(compacted, onModelMessages, 'main', proofs)

  it('a sample missing, a sample given twice, a message that trains in two samples or is of another thread', async () => {
    const model = unwrap(await openDatasetModel(at('tiny')))
    const [one, two] = (await samplesFor(model, compacted)).map(({ proof }) => proof)
    expect(once([one!, two!])).toBe(true)
    expect(once([one!])).toBe(false)
    expect(once([one!, two!, two!])).toBe(false)
    expect(once([one!, { ...two!, spans: [...one!.spans, ...two!.spans] }])).toBe(false)
    expect(once([one!, { ...two!, thread: 'main' }])).toBe(false)
    expect(once([one!, { ...two!, spans: [] }])).toBe(false)
  })

  it('a review that is ignored: a message that has weight 0 trains, one that has weight does not', async () => {
    const model = unwrap(await openDatasetModel(at('tiny')))
    const ignoring = await samplesFor(model, compacted, { rule: { name: 'all', trains: () => true } })
    const weighed = compacted.threads.map((thread) => ({
      ...thread,
      messages: thread.messages.map((message) => (message.id === '1m1' ? { ...message, weight: 0 } : message)),
    }))
    const proofs = ignoring.map(({ proof }) => proof)
    expect(trainsOnce({ ...compacted, threads: weighed }, onModelMessages, 'main', proofs)).toBe(false)
    expect(trainsOnce(compacted, onModelMessages, 'main', proofs)).toBe(true)
  })

  it('a span that begins before or behind the end of the prompt, and a message that has no prompt', async () => {
    const model = unwrap(await openDatasetModel(at('tiny')))
    const made = unwrap(await tokeniseConversation(model, conversationOf(turns)))
    const right = made.labelled.spans.map(({ message, start, end }) => [message, { prompt: start, end }] as const)
    expect(promptsFit(made, new Map(right))).toBe(true)
    expect(promptsFit(made, new Map(right.slice(1)))).toBe(false)
    for (const by of [-1, 1]) {
      const [[message, { prompt, end }]] = [right[1]!]
      expect(promptsFit(made, new Map([...right, [message, { prompt: prompt + by, end }]]))).toBe(false)
    }
  })
})

describe('a check against the trajectories catches a dataset that was changed', () => {
  let folder: string
  beforeAll(async () => {
    folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'limi dataset ü ')), 'd')
    const selection = { name: 's', digest: 'd' }
    const common = { modelFolder: at('tiny'), modelName: 'dir:tiny', maxTokens: 10_000 }
    unwrap(await buildDataset({ ...common, trajectories, selection, name: 'd', folder }))
  })
  const check = async () => unwrap(await checkDataset({ folder, trajectories, modelFolder: at('tiny') }))

  const changing = async (file: string, change: (text: string) => string): Promise<void> => {
    const before = await readFile(path.join(folder, file), 'utf8')
    await writeFile(path.join(folder, file), change(before))
    try {
      const checked = await check()
      expect(checked.status).toBe('failed')
      expect(checked.firstDifference).toBeDefined()
    } finally {
      await writeFile(path.join(folder, file), before)
    }
  }

  it('and passes the dataset as built, with each prompt rendered too', async () => {
    expect(await check()).toEqual({ status: 'ok', samples: 3 })
    const each = await checkDataset({ folder, trajectories, modelFolder: at('tiny'), certify: renderEach })
    expect(unwrap(each)).toEqual({ status: 'ok', samples: 3 })
  })

  it.each(Object.entries(wrongs))('%s', async (_name, wrong) => {
    await changing('samples.jsonl', (text) => {
      const samples = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Sample)
      wrong(samples[1]!)
      return samples.map((sample) => `${JSON.stringify(sample)}\n`).join('')
    })
  })

  it('a sample left out, or given twice', async () => {
    await changing('samples.jsonl', (text) => text.slice(text.indexOf('\n') + 1))
    await changing('samples.jsonl', (text) => text + text.slice(text.lastIndexOf('\n', text.length - 2) + 1))
  })

  it('a message that trains in one sample more, or was said by someone else', async () => {
    const change = (messages: Trajectory['threads'][number]['messages']) =>
      messages.map((message) => (message.id === 'm1' ? { ...message, origin: 'rebuilt' as const } : message))
    const other = trajectories.map((one) => ({
      ...one,
      threads: one.threads.map((thread) => ({ ...thread, messages: change(thread.messages) })),
    }))
    const checked = unwrap(await checkDataset({ folder, trajectories: other, modelFolder: at('tiny') }))
    expect(checked).toMatchObject({
      status: 'failed',
      firstDifference: { what: expect.stringMatching(/-100 is right|no token/) },
    })
  })

  it('a proof or a manifest that says something else', async () => {
    await changing('proof.json', (text) => text.replace('true', 'false'))
    await changing('proof.json', (text) => text.replace(/"end": \d+/, '"end": 3'))
    await changing('manifest.json', (text) => text.replace(/"trainedTokens": \d+/, '"trainedTokens": 3'))
  })

  it('says where: the sample and the token', async () => {
    const text = await readFile(path.join(folder, 'samples.jsonl'), 'utf8')
    await writeFile(path.join(folder, 'samples.jsonl'), text.replace('"labels":[-100', '"labels":[1'))
    const { firstDifference } = await check()
    await writeFile(path.join(folder, 'samples.jsonl'), text)
    expect(firstDifference).toEqual({ where: 'first', what: 'labels[0]: 1 is stored, -100 is right' })
  })
})
