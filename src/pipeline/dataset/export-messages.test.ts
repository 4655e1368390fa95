import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { writeDatasetProject, type DatasetProject } from '../../../test/support/dataset.js'
import { placeForTests } from '../../../test/support/place.js'
import { TINY_MODEL, tinyTrajectories, TOOL_TEMPLATE, toolTrajectory } from '../../../test/support/tiny-dataset.js'
import { unwrap, type Sample } from '../../nouns/index.js'
import { contentDigest } from '../../stages/dataset/files.js'
import { openDatasetModel } from '../../stages/dataset/index.js'
import { exportDataset } from './export.js'
import { anyFile } from '../out-place.js'

const place = placeForTests()
let project: DatasetProject
let samples: readonly Sample[]
const linesOf = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
const out = (name: string): string => path.join(place, name)
interface Answered {
  readonly differences: Record<string, { samples: number; messages: number }>
  readonly warnings: string[]
  readonly path: string
}
const write = async (format: string): Promise<Answered> =>
  unwrap(await exportDataset(project.run, { name: 'chosen', format, out: out(format) })).data as Answered

/** Unbroken runs of tokens that train, read off the labels. */
const runsOf = ({ labels }: Sample): number =>
  labels.filter((label, at) => label !== -100 && (labels[at - 1] ?? -100) === -100).length

beforeAll(async () => {
  project = await writeDatasetProject(out('project'), tinyTrajectories(), TINY_MODEL)
  samples = linesOf<Sample>(path.join(project.dataset, 'samples.jsonl'))
})

const Call = z.strictObject({
  id: z.string(),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
})
/** OpenAI's API specification 2.3.0, `FineTuneChatRequestInput`. */
const Example = z.strictObject({
  messages: z
    .array(
      z.discriminatedUnion('role', [
        z.strictObject({ role: z.literal('system'), content: z.string(), name: z.string().optional() }),
        z.strictObject({ role: z.literal('user'), content: z.string(), name: z.string().optional() }),
        z.strictObject({ role: z.literal('tool'), content: z.string(), tool_call_id: z.string() }),
        z.strictObject({
          role: z.literal('assistant'),
          content: z.string().nullable(),
          tool_calls: z.array(Call).optional(),
          weight: z.union([z.literal(0), z.literal(1)]),
        }),
      ]),
    )
    .min(1),
  tools: z
    .array(z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string() }) }))
    .optional(),
  parallel_tool_calls: z.boolean().optional(),
})

interface Row {
  readonly messages: readonly Record<string, unknown>[]
}

describe('messages', () => {
  it.each([
    ['slime', 'step_loss_mask', 1],
    ['ms-swift', 'loss', true],
    ['openai-ft', 'weight', 1],
  ])(
    'for %s are those of each sample, in order, and %s says as often that one trains as the labels have runs',
    async (format, field, yes) => {
      await write(format)
      const rows = linesOf<Row>(out(format))
      expect(samples.map(({ id }) => id)).toEqual(['plain', 'weighed', 'short', 'long', 'long.part-2'])
      expect(rows.map(({ messages }) => messages.filter((one) => one[field] === yes).length)).toEqual(
        samples.map(runsOf),
      )
      for (const { messages } of rows)
        for (const one of messages) expect(field in one).toBe(one['role'] === 'assistant')
      expect(rows[1]!.messages.map(({ role, content, [field]: weight }) => [role, content, weight])).toEqual([
        ['user', 'One?', undefined],
        ['assistant', 'Wrong.', yes === true ? false : 0],
        ['user', 'No.', undefined],
        ['assistant', '1', yes],
      ])
      expect(rows[4]!.messages.map(({ content }) => content)).toEqual(['So far: far.', 'End.'])
    },
  )

  it('that a limit cut short are counted, and so are those that train without a place for weights', async () => {
    const stop = { samples: 1, messages: 1 }
    for (const format of ['slime', 'ms-swift', 'openai-ft'])
      expect((await write(format)).differences).toMatchObject({ 'stop-trains': stop })
    const { differences } = await write('llamafactory')
    expect(differences).toMatchObject({ 'stop-trains': stop, 'context-trains': { samples: 1, messages: 1 } })
    expect(project.warned).toContainEqual(expect.stringMatching(/context here, and the engine trains them.*1 sample\)/))
  })

  it('of a trajectory that has changed since are not exported', async () => {
    const file = path.join(project.run.project.paths.trajectories, 'plain.jsonl')
    const before = await readFile(file, 'utf8')
    await writeFile(file, before.replace('Three.', 'Four.'))
    const refused = await exportDataset(project.run, { name: 'chosen', format: 'slime', out: out('no.jsonl') })
    await writeFile(file, before)
    expect(refused).toMatchObject({ ok: false, failure: { code: 'selection.stale' } })
    expect(existsSync(out('no.jsonl'))).toBe(false)
  })

  it.each([
    ['a label', (text: string) => text.replace('-100', '1')],
    [
      'an id',
      (text: string) => text.replace('"input_ids":[', '"input_ids":[1,').replace('"labels":[', '"labels":[-100,'),
    ],
    ['a sample more', (text: string) => `${text}${text.split('\n')[0]!}\n`],
    ['a sample less', (text: string) => text.slice(text.indexOf('\n') + 1)],
  ])(
    'of samples that their trajectories do not give are not exported, whatever the digest says: %s',
    async (_, spoil) => {
      const files = ['samples.jsonl', 'manifest.json'].map((name) => path.join(project.dataset, name)) as [
        string,
        string,
      ]
      const before = await Promise.all(files.map((file) => readFile(file, 'utf8')))
      await writeFile(files[0], spoil(before[0]!))
      const digest = await contentDigest(project.dataset)
      await writeFile(files[1], JSON.stringify({ ...(JSON.parse(before[1]!) as object), digest }))
      const refused = await exportDataset(project.run, { name: 'chosen', format: 'slime', out: out('no.jsonl') })
      for (const [at, file] of files.entries()) await writeFile(file, before[at]!)
      expect(refused).toMatchObject({ ok: false, failure: { code: 'dataset.differs' } })
      expect(existsSync(out('no.jsonl'))).toBe(false)
    },
  )
})

describe('a run with tools', () => {
  let tools: DatasetProject
  beforeAll(async () => {
    const model = out('tool model')
    await cp(TINY_MODEL, model, { recursive: true })
    await writeFile(path.join(model, 'chat_template.jinja'), TOOL_TEMPLATE)
    tools = await writeDatasetProject(out('tools'), [toolTrajectory()], model)
  })
  const rowsOf = async (format: string): Promise<(Row & { tools?: unknown })[]> => {
    const file = out(`tools.${format}`)
    unwrap(await exportDataset(tools.run, { name: 'chosen', format, out: file }))
    return linesOf(format === 'llamafactory' ? path.join(file, 'chosen.jsonl') : file)
  }

  it('keeps arguments as the model wrote them, and the reasoning that the sample shows and no other', async () => {
    const stored = linesOf<Sample>(path.join(tools.dataset, 'samples.jsonl'))
    const rows = await rowsOf('slime')
    expect(rows).toHaveLength(stored.length)
    const { tokeniser } = unwrap(await openDatasetModel(TINY_MODEL))
    const texts = await tokeniser.decode(stored.map(({ input_ids }) => input_ids))
    for (const [at, { messages }] of rows.entries())
      for (const thought of ['List both.', 'Easy.', 'Back.'])
        expect(messages.some((one) => one['reasoning_content'] === thought)).toBe(texts[at]!.includes(thought))
    expect(
      rows.map(({ messages }) => messages.map((one) => one['step_loss_mask']).filter((one) => one === 1).length),
    ).toEqual(stored.map(runsOf))
    expect(readFileSync(out('tools.slime'), 'utf8')).toContain('"arguments":{"command": "ls", "n": 1.0}')
    const [first] = await rowsOf('openai-ft')
    expect(first!.messages[2]!['tool_calls']).toMatchObject([
      { id: 'c1', function: { name: 'shell', arguments: '{"command": "ls", "n": 1.0}' } },
      { id: 'c2', function: { name: 'shell', arguments: '{"command":"ls ü"}' } },
    ])
  })

  it('gives OpenAI lines of its schema, and ms-swift and LLaMA-Factory tools as text', async () => {
    const offered = toolTrajectory().tools['offered']!.map((one) => ({ type: 'function', function: one }))
    for (const row of await rowsOf('openai-ft')) {
      expect(Example.parse(row)).toMatchObject({ tools: offered, parallel_tool_calls: true })
    }
    for (const format of ['ms-swift', 'llamafactory'])
      for (const row of await rowsOf(format)) expect(JSON.parse(row.tools as string)).toEqual(offered)
  })
})

describe('the published schema', () => {
  it("of OpenAI's fine-tuning holds each line", async () => {
    const { warnings } = await write('openai-ft')
    for (const row of linesOf(out('openai-ft'))) Example.parse(row)
    expect(warnings).toContainEqual(expect.stringMatching(/10 examples at least, and these are 5/))
  })

  it("of LLaMA-Factory's folder holds the turns, and an index that is not ours is never overwritten", async () => {
    await write('llamafactory')
    const index = JSON.parse(await readFile(path.join(out('llamafactory'), 'dataset_info.json'), 'utf8')) as object
    expect(index).toMatchObject({ chosen: { file_name: 'chosen.jsonl', formatting: 'sharegpt' } })
    const Turns = z.strictObject({
      conversations: z.array(z.strictObject({ from: z.enum(['human', 'gpt']), value: z.string() })),
      tools: z.literal(''),
    })
    for (const row of linesOf(path.join(out('llamafactory'), 'chosen.jsonl'))) Turns.parse(row)
    await mkdir(out('theirs'))
    await writeFile(path.join(out('theirs'), 'dataset_info.json'), '{"identity":{}}')
    const refused = await exportDataset(project.run, { name: 'chosen', format: 'llamafactory', out: out('theirs') })
    expect(refused).toMatchObject({ ok: false, failure: { code: 'export.occupied' } })
    expect(existsSync(path.join(out('theirs'), 'chosen.jsonl'))).toBe(false)
    const rows = path.join(out('theirs'), 'rows.jsonl')
    await writeFile(rows, 'theirs')
    const request = { name: 'chosen', format: 'slime', out: rows }
    expect(await exportDataset(project.run, request)).toMatchObject({ failure: { code: 'export.occupied' } })
    expect(await readFile(rows, 'utf8')).toBe('theirs')
    unwrap(await exportDataset(project.run, { ...request, mayReplace: anyFile }))
    unwrap(await exportDataset(project.run, request))
  })
})
