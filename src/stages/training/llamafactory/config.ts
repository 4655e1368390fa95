import { stringify } from 'yaml'
import type { Recipe } from '../../../nouns/index.js'
import type { TrainingJob } from '../engine.js'
import { commented, trainerOptions } from '../local/index.js'
import { samplesSeen, stepsOfJob } from '../steps.js'
import { evaluateEvery, type Spread } from './batches.js'
import { HELD_OUT, MERGED, OUTPUT, SCRIPT, TOKENIZED, TRAIN } from './layout.js'

/** Names by which LLaMA-Factory's parser wants the data called, though `tokenized_path` is what it reads. */
const NAMES = { train: 'limi_train', heldOut: 'limi_held_out' }

const header = (job: TrainingJob, { gpus }: Spread): string => {
  const total = samplesSeen(job.recipe, job.dataset.samples.length)
  return ` Fine-tuning with LLaMA-Factory, in this folder, with its own Python (${gpus === 0 ? 'on the processor' : `on ${String(gpus)} GPU${gpus === 1 ? '' : 's'}`}):
   python ${SCRIPT} ${String(total)} ${String(job.recipe.seed)}      makes ${TOKENIZED}/ from ${TRAIN}, token for token
   llamafactory-cli train run.yaml      goes on from the last checkpoint in ${OUTPUT}/
${job.recipe.method === 'full' ? '' : `   llamafactory-cli export export.yaml  merges the adapter into the base: ${MERGED}/\n`} ${TRAIN} holds input_ids and labels; a label of -100 does not train. tokenized_path takes them as they are: no template, no cutoff and
 no packing touches them. The data lies in the order in which it trains, hence disable_shuffling and one "epoch".
`
}

function method(recipe: Recipe): Record<string, unknown> {
  if (recipe.method === 'full' || recipe.lora === undefined) return { finetuning_type: 'full' }
  const { rank, alpha, dropout } = recipe.lora
  return {
    finetuning_type: 'lora',
    lora_rank: rank,
    lora_alpha: alpha,
    lora_dropout: dropout,
    lora_target: 'all',
    ...(recipe.method === 'qlora' && { quantization_method: 'bnb', quantization_bit: 4, quantization_type: 'nf4' }),
  }
}

/** With early stopping every measurement is saved: the best weights are only kept among those. */
function measuring(job: TrainingJob): Record<string, unknown> {
  const { heldOut, recipe } = job
  const saving = { save_strategy: 'steps', save_steps: recipe.saveEvery, save_total_limit: 1 }
  if (heldOut === undefined) return saving
  const every = evaluateEvery(job)
  const measured = { eval_strategy: 'steps', eval_steps: every, per_device_eval_batch_size: 1 }
  if (recipe.earlyStopping === undefined) return { ...saving, ...measured }
  return {
    ...saving,
    ...measured,
    save_steps: every,
    early_stopping_steps: recipe.earlyStopping.patience,
    load_best_model_at_end: true,
    metric_for_best_model: 'eval_loss',
    greater_is_better: false,
  }
}

const longest = ({ dataset, heldOut }: TrainingJob): number =>
  [...dataset.samples, ...(heldOut?.samples ?? [])].reduce((most, { input_ids: ids }) => Math.max(most, ids.length), 1)

/** The options of `llamafactory-cli train` (LLaMA-Factory 0.9.6, `hparams/`). */
export function renderConfig(job: TrainingJob, spread: Spread): string {
  const { recipe, heldOut } = job
  const document = {
    model_name_or_path: job.base.folder,
    stage: 'sft',
    do_train: true,
    ...method(recipe),
    // Named, or LLaMA-Factory makes one of the chat template; `empty` changes neither the template nor the stop tokens.
    template: 'empty',
    dataset: NAMES.train,
    ...(heldOut && { eval_dataset: NAMES.heldOut }),
    dataset_dir: '.',
    tokenized_path: TOKENIZED,
    cutoff_len: longest(job),
    packing: false,
    disable_shuffling: true,
    output_dir: OUTPUT,
    num_train_epochs: 1,
    per_device_train_batch_size: spread.perDevice,
    gradient_accumulation_steps: spread.accumulation,
    disable_gradient_checkpointing: recipe.gradientCheckpointing !== true,
    ...trainerOptions(recipe),
    warmup_steps: Math.ceil(recipe.warmup * stepsOfJob(job)),
    optim: 'adamw_torch',
    // Without a GPU its parser refuses bf16 unless it is told so.
    ...(spread.gpus === 0 && recipe.precision === 'bf16' && { use_cpu: true }),
    ...measuring(job),
  }
  return `${commented(header(job, spread))}\n${stringify(document)}`
}

/** The options of `llamafactory-cli export`: the adapter merged into the base as it was before any quantisation. */
export function renderExport(job: TrainingJob): string {
  const document = {
    model_name_or_path: job.base.folder,
    adapter_name_or_path: OUTPUT,
    finetuning_type: 'lora',
    template: 'empty',
    infer_dtype: job.recipe.precision === 'bf16' ? 'bfloat16' : 'float32',
    export_dir: MERGED,
    export_device: 'cpu',
  }
  return stringify(document)
}

/** Without `tokenized/` LLaMA-Factory would look here: these rows have no messages, so that it stops instead of tokenising by itself. */
export const renderDatasetInfo = ({ heldOut }: TrainingJob): string =>
  `${JSON.stringify({ [NAMES.train]: { file_name: TRAIN }, ...(heldOut && { [NAMES.heldOut]: { file_name: HELD_OUT } }) }, null, 2)}\n`
