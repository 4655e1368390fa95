import { cp, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeDatasetProject, type DatasetProject } from '../../../test/support/dataset.js'
import { placeForTests } from '../../../test/support/place.js'
import { TINY_MODEL, tinyTrajectories, TOOL_TEMPLATE, toolTrajectory } from '../../../test/support/tiny-dataset.js'
import { unwrap, type Sample } from '../../nouns/index.js'
import { askPython, pythonTestsSkipped, testPython, type TestPython } from '../../shared/python/testing/index.js'
import {
  openDatasetModel,
  readBack,
  readBackEngineOf,
  readSamples,
  type DatasetModel,
  type ReadBackReport,
} from '../../stages/dataset/index.js'
import { exportDataset } from './export.js'

const place = placeForTests()
const out = (name: string): string => path.join(place, name)
const slime = process.env['LIMI_PEER_SLIME']
const llamaFactory = process.env['LIMI_PEER_LLAMAFACTORY']

let at: TestPython
let project: DatasetProject
let samples: readonly Sample[]
let model: DatasetModel

beforeAll(async () => {
  if (pythonTestsSkipped !== undefined) return
  at = await testPython()
  project = await writeDatasetProject(out('project'), tinyTrajectories(), TINY_MODEL)
  samples = unwrap(await readSamples(project.dataset))
  model = unwrap(await openDatasetModel(TINY_MODEL))
})

/** Exports, and gives the file of rows. */
async function write(format: string): Promise<string> {
  const place = out(format)
  unwrap(await exportDataset(project.run, { name: 'chosen', format, out: place }))
  return format === 'llamafactory' ? path.join(place, 'chosen.jsonl') : place
}

async function read(
  format: string,
  checkout: string | null,
  settings: Readonly<Record<string, string>> = {},
): Promise<ReadBackReport> {
  const engine = unwrap(await readBackEngineOf(format, checkout))
  const { environment, cacheRoot } = at
  const where = {
    data: await write(format),
    folder: project.dataset,
    dataset: 'chosen',
    modelFolder: TINY_MODEL,
    model,
  }
  return unwrap(await readBack({ engine, checkout, settings, ...where, python: environment.python, cacheRoot }))
}

/** As docs/datasets.md says it; then LLaMA-Factory's own loading and collating, padding taken off. */
const TOKENIZED_PATH = `
import importlib.machinery, json, os, sys, types
os.environ['DISABLE_VERSION_CHECK'] = '1'
sys.dont_write_bytecode = True
for name, fields in {'torchaudio': {}, 'omegaconf': {'OmegaConf': None}}.items():
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__spec__ = importlib.machinery.ModuleSpec(name, None)
    sys.modules[name].__dict__.update(fields)
checkout, rows, saved, model = sys.argv[1:]
sys.path.insert(0, os.path.join(checkout, 'src'))
from datasets import DatasetDict, load_dataset
DatasetDict(train=load_dataset('json', data_files=rows, split='train')).save_to_disk(saved)
from llamafactory.data import SFTDataCollatorWith4DAttentionMask, get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams.data_args import DataArguments
from transformers import AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained(model)
template = get_template_and_fix_tokenizer(tokenizer, DataArguments())
train = get_dataset(None, None, DataArguments(tokenized_path=saved), None, 'sft', None)['train_dataset']
collator = SFTDataCollatorWith4DAttentionMask(template=template, tokenizer=tokenizer, label_pad_token_id=-100)
lengths = [len(row['input_ids']) for row in train]
batch = collator([dict(row) for row in train])
print(json.dumps([{name: batch[name][at].tolist()[:length] for name in ('input_ids', 'labels')} for at, length in enumerate(lengths)]))
`

/** What follows a trained stop token, which the model never emits: a run of the labels ends right before it. */
const afterTurns = (): [string, number][] =>
  samples.flatMap(({ id, labels }) =>
    labels.flatMap((label, token): [string, number][] =>
      label === -100 && (labels[token - 1] ?? -100) !== -100 ? [[id, token]] : [],
    ),
  )

const placesOf = ({ first }: ReadBackReport): [string, number][] =>
  first.filter(({ theirs }) => theirs === 'trains').map(({ sample, token }) => [sample, token])

describe.skipIf(pythonTestsSkipped)(`an export read by other programs (${pythonTestsSkipped ?? 'live'})`, () => {
  const READERS = {
    axolotl: `rows = [json.loads(line) for line in open(sys.argv[1])]
assert all(list(row) == ['input_ids', 'attention_mask', 'labels'] for row in rows)
assert all(row['attention_mask'] == [1] * len(row['input_ids']) for row in rows)`,
    parquet: `import pyarrow, pyarrow.parquet
table = pyarrow.parquet.read_table(sys.argv[1])
assert table.schema.field('labels').type.value_type == pyarrow.int32(), table.schema
rows = table.to_pylist()
theirs = [json.loads(line) for line in open(sys.argv[2])]
assert [(row['id'], row['trajectory']) for row in rows] == [(row['id'], row['trajectory']) for row in theirs]`,
  }

  it.each(Object.entries(READERS))(
    '%s: Python reads the ids and labels that stand in samples.jsonl',
    async (format, reader) => {
      const code = `import json, sys
${reader}
stored = [json.loads(line) for line in open(sys.argv[2])]
print(json.dumps([row['input_ids'] == one['input_ids'] and row['labels'] == one['labels'] for row, one in zip(rows, stored, strict=True)]))`
      const equal = await askPython(at, code, await write(format), path.join(project.dataset, 'samples.jsonl'))
      expect(equal).toEqual(samples.map(() => true))
    },
  )

  it.skipIf(llamaFactory === undefined)(
    'of axolotl, saved by datasets, are the ids and labels of a LLaMA-Factory batch by tokenized_path (skips without LIMI_PEER_LLAMAFACTORY)',
    { timeout: 180_000 },
    async () => {
      const batch = await askPython(
        at,
        TOKENIZED_PATH,
        llamaFactory ?? '',
        await write('axolotl'),
        out('saved'),
        TINY_MODEL,
      )
      expect(batch).toEqual(samples.map(({ input_ids, labels }) => ({ input_ids, labels })))
    },
  )

  it("under TRL's own SFTTrainer reach the model as they stand in the samples", { timeout: 180_000 }, async () => {
    const report = await read('trl', null)
    const tokens = samples.reduce((sum, { labels }) => sum + labels.length, 0)
    expect(report).toMatchObject({
      equal: true,
      samples: { equal: samples.length, differing: 0, absent: 0 },
      first: [],
    })
    expect(report.tokens).toEqual({ ours: tokens, theirs: tokens, onlyOurs: 0, onlyTheirs: 0 })
  })

  it("under TRL's max_length are cut or dropped, and each is named", { timeout: 180_000 }, async () => {
    const report = await read('trl', null, { max_length: '50' })
    const kept = samples.filter(({ labels }) => labels.slice(0, 50).some((label) => label !== -100))
    const lost = samples.filter((sample) => !kept.includes(sample))
    expect(report).toMatchObject({ equal: false, samples: { equal: 0, differing: kept.length, absent: lost.length } })
    expect(report.absent.map(({ sample }) => sample)).toEqual(lost.map(({ id }) => id))
    const cut = samples.flatMap(({ labels }) => labels.slice(50)).filter((label) => label !== -100).length
    expect(report.trained.onlyOurs).toBe(
      cut + lost.flatMap(({ labels }) => labels.slice(0, 50)).filter((one) => one >= 0).length,
    )
    expect(report.first[0]).toMatchObject({ sample: kept[0]!.id, token: 50, theirs: null })
  })

  it.skipIf(slime === undefined)(
    'under slime are masked as said, but for the line feed after a stop token (skips without LIMI_PEER_SLIME)',
    { timeout: 180_000 },
    async () => {
      const report = await read('slime', slime ?? null)
      expect(report.tokens).toMatchObject({ onlyOurs: 0, onlyTheirs: 0 })
      expect(report.trained.onlyOurs).toBe(0)
      expect(placesOf(report)).toEqual(afterTurns())
      expect(new Set(report.first.map(({ text }) => text))).toEqual(new Set(['\n', '<|im_end|>\n']))
    },
  )

  it.skipIf(slime === undefined)(
    'under slime hold tools, calls and reasoning token for token (skips without LIMI_PEER_SLIME)',
    { timeout: 180_000 },
    async () => {
      const modelFolder = out('tool model')
      await cp(TINY_MODEL, modelFolder, { recursive: true })
      await writeFile(path.join(modelFolder, 'chat_template.jinja'), TOOL_TEMPLATE)
      const tools = await writeDatasetProject(out('tools'), [toolTrajectory()], modelFolder)
      unwrap(await exportDataset(tools.run, { name: 'chosen', format: 'slime', out: out('tools.jsonl') }))
      const where = { data: out('tools.jsonl'), folder: tools.dataset, dataset: 'chosen', modelFolder, model }
      const engine = unwrap(await readBackEngineOf('slime', slime ?? null))
      const { environment, cacheRoot } = at
      const how = { engine, checkout: slime ?? null, settings: {}, python: environment.python, cacheRoot }
      const report = unwrap(await readBack({ ...how, ...where }))
      expect(report.tokens).toMatchObject({ onlyOurs: 0, onlyTheirs: 0 })
      expect(report.trained.onlyOurs).toBe(0)
      expect(report.first).toHaveLength(report.trained.onlyTheirs)
      expect(report.samples.differing).toBe(1)
      expect(report.first.map(({ text, ours, theirs }) => [text, ours, theirs])).toEqual(
        report.first.map(() => ['\n', 'context', 'trains']),
      )
    },
  )

  it.skipIf(slime === undefined)(
    "are named as absent where slime's own generator fails (skips without LIMI_PEER_SLIME)",
    { timeout: 180_000 },
    async () => {
      const report = await read('slime', slime ?? null, { loss_mask_type: 'qwen3' })
      expect(report.samples).toEqual({ equal: 0, differing: 0, absent: samples.length })
      expect(report.absent[0]!.reason).toMatch(/slime stops at it: \d+ ids and a mask of \d+/)
    },
  )

  it.skipIf(llamaFactory === undefined)(
    'under LLaMA-Factory train context too, as the export says (skips without LIMI_PEER_LLAMAFACTORY)',
    { timeout: 180_000 },
    async () => {
      const report = await read('llamafactory', llamaFactory ?? null)
      expect(report.tokens).toMatchObject({ onlyOurs: 0, onlyTheirs: 0 })
      expect(report.first.filter(({ text }) => text.startsWith('Wrong.'))).toMatchObject([
        { sample: 'weighed', ours: 'context', theirs: 'trains' },
      ])
      const others = report.first.filter(({ text }) => !text.startsWith('Wrong.'))
      expect(placesOf({ ...report, first: others })).toEqual(afterTurns())
    },
  )
})

describe('a read-back', () => {
  it.each([
    ['read-back.none', 'axolotl', null],
    ['read-back.checkout', 'trl', 'chosen'],
    ['read-back.checkout', 'slime', null],
    ['read-back.checkout', 'slime', TINY_MODEL],
  ])('that cannot be is refused before anything is written: %s of %s', async (code, format, checkout) => {
    const refused = await readBackEngineOf(format, checkout)
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'input', code } })
  })
})
