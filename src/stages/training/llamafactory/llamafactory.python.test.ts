import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { done, unwrap, type LossPoint, type Recipe, type Sample } from '../../../nouns/index.js'
import { askPython, pythonTestsSkipped, type TestPython } from '../../../shared/python/testing/index.js'
import { execute, offlineVariables } from '../../../shared/python/index.js'
import type { TrainingEvent, TrainingJob } from '../engine.js'
import { comparedMerge, costsIn, meanOf, samples, tinyJob, tinyModel } from '../local/testing/tiny-model.js'
import { trlEngine } from '../trl/index.js'
import { llamafactoryEngine } from './index.js'
import { layoutOf } from './layout.js'

const checkout = process.env['LIMI_PEER_LLAMAFACTORY']
const python = process.env['LIMI_TEST_LLAMAFACTORY']

let at: TestPython
let root: string

/** A first token is never predicted, and in no dataset does it train. */
const untrainedFirst = ({ labels, ...rest }: Sample): Sample => ({ ...rest, labels: [-100, ...labels.slice(1)] })

const DATA = samples([30, 41, 17, 25, 60, 33, 28, 51, 19, 44, 2_500]).map(untrainedFirst)
const HELD_OUT = samples([40, 23, 77], 77).map(untrainedFirst)

const job = (run: string, recipe: Partial<Recipe>, heldOut: readonly Sample[] | undefined = HELD_OUT): TrainingJob =>
  tinyJob({ root, run, data: DATA, recipe, heldOut: heldOut.length === 0 ? undefined : heldOut })

beforeAll(async () => {
  if (pythonTestsSkipped !== undefined) return
  const made = await tinyModel('limi llamafactory ü-')
  at = made.at
  root = made.root
}, 600_000)
afterAll(async () => {
  if (pythonTestsSkipped === undefined) await rm(root, { recursive: true, force: true })
})

const RECIPES: Record<string, Partial<Recipe>> = {
  paper: { epochs: 4, finalLearningRate: 1e-6, adam: { beta1: 0.9, beta2: 0.98 }, weightDecay: 0.1, seed: 7 },
  linear: { steps: 9, schedule: 'linear', finalLearningRate: 1e-5, microBatch: 2, gradientCheckpointing: true },
  constant: { steps: 9, schedule: 'constant', warmup: 1, precision: 'bf16' },
  lora: { steps: 9, method: 'lora', lora: { rank: 4, alpha: 8, dropout: 0.1 } },
  stopping: { epochs: 9, earlyStopping: { patience: 2 } },
}

/**
 * LLaMA-Factory's own parser and loader on the files, in the folder where they lie. What it needs for other things than this stands in empty where
 * it is not installed, and its check of versions is off.
 */
const PARSE = `
import importlib.machinery, importlib.util, json, os, sys, types
os.environ['DISABLE_VERSION_CHECK'] = '1'
sys.dont_write_bytecode = True
for name, fields in {'torchaudio': {}, 'omegaconf': {'OmegaConf': None}}.items():
    if importlib.util.find_spec(name) is None:
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__spec__ = importlib.machinery.ModuleSpec(name, None)
        sys.modules[name].__dict__.update(fields)
checkout, folder, broken = sys.argv[1:]
sys.path.insert(0, os.path.join(checkout, 'src'))
os.chdir(folder)
import yaml
from llamafactory.data import SFTDataCollatorWith4DAttentionMask, get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams.parser import get_train_args
from transformers import AutoTokenizer
from transformers.optimization import get_scheduler
import torch
model, data, training, tuning, _ = get_train_args(yaml.safe_load(open('run.yaml')))
tokenizer = AutoTokenizer.from_pretrained(model.model_name_or_path)
before = (tokenizer.chat_template, tokenizer.eos_token, tokenizer.pad_token, len(tokenizer))
template = get_template_and_fix_tokenizer(tokenizer, data)
assert before == (tokenizer.chat_template, tokenizer.eos_token, tokenizer.pad_token, len(tokenizer))
if broken:
    import shutil
    shutil.rmtree('tokenized')
    try:
        get_dataset(template, model, data, training, 'sft', tokenizer)
        print(json.dumps('it made data by itself'))
    except Exception as error:
        print(json.dumps(type(error).__name__))
    sys.exit()
module = get_dataset(template, model, data, training, 'sft', tokenizer)
collator = SFTDataCollatorWith4DAttentionMask(template=template, tokenizer=tokenizer, label_pad_token_id=-100, pad_to_multiple_of=8)
def batches(rows):
    for row in rows:
        batch = collator([dict(row)])
        length = int(batch['attention_mask'].sum())
        assert (batch['labels'][0, length:] == -100).all()
        yield {name: batch[name][0, :length].tolist() for name in ('input_ids', 'labels')}
steps = -(-len(module['train_dataset']) // (training.per_device_train_batch_size * training.gradient_accumulation_steps))
optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=training.learning_rate)
scheduler = get_scheduler(training.lr_scheduler_type, optimizer, training.get_warmup_steps(steps), steps, training.lr_scheduler_kwargs)
rates = []
for _ in range(steps + 1):
    rates.append(scheduler.get_last_lr()[0])
    optimizer.step(); scheduler.step()
print(json.dumps({
    'train': list(batches(module['train_dataset'])), 'held_out': list(batches(module.get('eval_dataset') or [])), 'rates': rates,
    'type': tuning.finetuning_type, 'lora': [tuning.lora_rank, tuning.lora_alpha, tuning.lora_dropout], 'packing': data.packing,
    'bf16': training.bf16, 'betas': [training.adam_beta1, training.adam_beta2], 'decay': training.weight_decay, 'seed': training.seed,
    'checkpointing': not model.disable_gradient_checkpointing, 'stopping': tuning.early_stopping_steps, 'best': training.load_best_model_at_end,
}))
`

interface Parsed {
  readonly train: readonly Pick<Sample, 'input_ids' | 'labels'>[]
  readonly held_out: readonly Pick<Sample, 'input_ids' | 'labels'>[]
  readonly rates: readonly number[]
}

const engine = () => {
  const env = { LIMI_LLAMAFACTORY_PYTHON: python }
  return llamafactoryEngine({ cacheRoot: at.cacheRoot, env, gpus: async () => 0 })
}

async function prepared(each: TrainingJob): Promise<string> {
  unwrap(await engine().prepare(each))
  const { work } = layoutOf(each.folder)
  const total = String(each.recipe.epochs === undefined ? each.recipe.steps! * 4 : each.recipe.epochs * DATA.length)
  const args = ['make_dataset.py', total, String(each.recipe.seed)]
  unwrap(await execute(at.environment.python, args, { cwd: work, env: offlineVariables(at.cacheRoot) }))
  return work
}

const rowsOf = (list: readonly Sample[]) => list.map(({ input_ids, labels }) => ({ input_ids, labels }))
const sorted = (list: readonly object[]) => list.map((row) => JSON.stringify(row)).sort()

describe.skipIf(pythonTestsSkipped !== undefined || checkout === undefined)(
  'LLaMA-Factory’s own parser and loader (skips without LIMI_PEER_LLAMAFACTORY)',
  () => {
    test.each(Object.keys(RECIPES))(
      'take our files of the recipe %s, every id and label as it is',
      async (name) => {
        const each = job(`parsed-${name}`, RECIPES[name]!)
        const folder = await prepared(each)
        const { recipe } = each
        const parsed = (await askPython(at, PARSE, checkout!, folder, '')) as Parsed
        expect(parsed.held_out).toEqual(rowsOf(HELD_OUT))
        // Each epoch has every sample once, in an order of its own.
        const epoch = DATA.length
        for (let start = 0; start + epoch <= parsed.train.length; start += epoch)
          expect(sorted(parsed.train.slice(start, start + epoch))).toEqual(sorted(rowsOf(DATA)))
        expect(parsed.train.slice(0, epoch)).not.toEqual(parsed.train.slice(epoch, 2 * epoch))
        expect(parsed).toMatchObject({
          type: recipe.method,
          packing: false,
          bf16: recipe.precision === 'bf16',
          betas: [recipe.adam?.beta1 ?? 0.9, recipe.adam?.beta2 ?? 0.999],
          decay: recipe.weightDecay,
          seed: recipe.seed,
          checkpointing: recipe.gradientCheckpointing === true,
          stopping: recipe.earlyStopping?.patience ?? null,
          best: recipe.earlyStopping !== undefined,
          ...(recipe.lora && { lora: [4, 8, 0.1] }),
        })
        expect(Math.max(...parsed.rates)).toBeLessThanOrEqual(recipe.learningRate)
        if (recipe.finalLearningRate === undefined) expect(parsed.rates[0]).toBe(0)
        else expect(Math.min(...parsed.rates.slice(1))).toBeCloseTo(recipe.finalLearningRate, 9)
      },
      600_000,
    )

    test('stop, and do not tokenise by themselves, where the tokenised data is not there', async () => {
      const folder = await prepared(job('absent', RECIPES['paper']!))
      expect(await askPython(at, PARSE, checkout!, folder, 'broken')).toBe('KeyError')
    }, 600_000)
  },
)

async function train(
  each: TrainingJob,
  onEvent: (event: TrainingEvent) => void = () => undefined,
  signal?: AbortSignal,
) {
  unwrap(await engine().prepare(each))
  return engine().run(each, { onEvent, signal })
}

const expectSame = (ours: readonly LossPoint[], theirs: readonly LossPoint[], digits: number): void => {
  expect(ours.map(({ step }) => step)).toEqual(theirs.map(({ step }) => step))
  for (const [index, { loss }] of ours.entries()) expect(loss).toBeCloseTo(theirs[index]!.loss, digits)
}

describe.skipIf(pythonTestsSkipped !== undefined || python === undefined)(
  'LLaMA-Factory itself (skips without LIMI_TEST_LLAMAFACTORY, the python that it is installed for)',
  () => {
    test('trains as TRL does on the same recipe, loss by loss, beginning with the loss in double precision', async () => {
      const recipe = {
        epochs: 3,
        microBatch: 2,
        finalLearningRate: 1e-4,
        adam: { beta1: 0.9, beta2: 0.98 },
        weightDecay: 0.1,
      }
      const each = job('ours', recipe)
      const held: number[] = []
      const trained = unwrap(await train(each, (event) => event.type === 'held-out' && held.push(event.step)))
      const { train: rows, order } = layoutOf(each.folder)
      const costs = await costsIn(at, each.base.folder, rows)
      const first = (JSON.parse(await readFile(order, 'utf8')) as number[]).slice(0, 4)
      expect(trained.loss[0]?.loss).toBeCloseTo(meanOf(first.map((index) => costs[index]!)), 5)
      const trl = trlEngine({
        cacheRoot: at.cacheRoot,
        environment: async () => done({ ...at.environment, versions: {} }),
      })
      const same = job('theirs', recipe)
      unwrap(await trl.prepare(same))
      const theirs = unwrap(await trl.run(same, { onEvent: () => undefined }))
      expectSame(trained.loss, theirs.loss, 4)
      expect(trained.tokens).toBe(theirs.tokens)
      expect(held.slice(0, 4)).toEqual([2, 4, 6, 8])
      expect(trained.heldOutLoss?.map(({ step }) => step)).toEqual([2, 4, 6, 8, 9])
    }, 600_000)

    test('stopped, it goes on from its last checkpoint to the same losses', async () => {
      const whole = unwrap(await train(job('whole', { epochs: 3, microBatch: 2 }, [])))
      const each = job('stopped', { epochs: 3, microBatch: 2 }, [])
      const stop = new AbortController()
      const stopped = await train(each, (event) => event.type === 'saved' && stop.abort(), stop.signal)
      if (!stopped.ok) expect(stopped).toMatchObject({ failure: { kind: 'interrupted' } })
      const from: number[] = []
      const resumed = unwrap(await train(each, (event) => event.type === 'started' && from.push(event.from)))
      if (!stopped.ok) expect(from[0]).toBeGreaterThanOrEqual(2)
      expectSame(resumed.loss, whole.loss, 6)
      expect(resumed.tokens).toBe(whole.tokens)
    }, 600_000)

    test('its adapter is merged by its own export', async () => {
      const lora = { rank: 4, alpha: 8, dropout: 0 }
      const each = job('lora', { steps: 4, method: 'lora', lora, learningRate: 0.05 }, [])
      unwrap(await train(each))
      const { output, model } = layoutOf(each.folder)
      const compared = await comparedMerge(at, each.base.folder, output, model)
      expect(compared.merge).toBeLessThan(1e-4)
      expect(compared.moved).toBeGreaterThan(0.01)
      const template = (folder: string) => readFile(path.join(folder, 'chat_template.jinja'), 'utf8')
      expect(await template(model)).toBe(await template(each.base.folder))
    }, 600_000)
  },
)
