import { stringify } from 'yaml'
import type { Recipe } from '../../../nouns/index.js'
import { stepsOfJob } from '../steps.js'
import type { TrainingJob } from '../engine.js'
import { commented, trainerOptions } from '../local/index.js'

const DATA = ` data/train.jsonl holds input_ids and labels, one conversation a line; a label of -100 does not train.
 They are used token for token because max_length is null (the default, 1024, would cut longer ones in silence)
 and packing and padding_free are off. A NaN loss must be seen, hence logging_nan_inf_filter.
`
const PLAIN = ` Fine-tuning with TRL, run alone by: python -m trl.scripts.sft --config run.yaml   (in this folder)
 bf16 without a GPU needs --use_cpu true after it.
`
const SCRIPTED = ` Fine-tuning with TRL, run alone by: python train.py --config run.yaml   (in this folder)
 On N devices: accelerate launch --num_processes N train.py --config run.yaml   (batch_size stays what it is)
 batch_size, epochs, held_out and patience are train.py's own options; all others are TRL's.
`

/** TRL's own script cuts batches at every epoch and has no token-weighted held-out loss: these jobs need `train.py`. */
export const needsScript = ({ recipe, heldOut }: TrainingJob): boolean =>
  recipe.epochs !== undefined || heldOut !== undefined

const adapters = ({ method, lora }: Recipe): Record<string, unknown> =>
  lora === undefined || method === 'full'
    ? {}
    : {
        use_peft: true,
        lora_r: lora.rank,
        lora_alpha: lora.alpha,
        lora_dropout: lora.dropout,
        lora_target_modules: 'all-linear',
        ...(method === 'qlora' && { load_in_4bit: true, bnb_4bit_quant_type: 'nf4', use_bnb_nested_quant: true }),
      }

/** Trained weights stay fp32 under bf16 too: the optimiser's small updates would be rounded away. A frozen base has none. */
const dtypeOf = ({ method, precision }: Recipe): string =>
  method !== 'full' && precision === 'bf16' ? 'bfloat16' : 'float32'

function scriptOptions(job: TrainingJob): Record<string, unknown> {
  const { recipe, heldOut } = job
  const { earlyStopping } = recipe
  if (!needsScript(job)) return {}
  return {
    batch_size: recipe.batchSize,
    ...(recipe.epochs !== undefined && { epochs: recipe.epochs }),
    ...(heldOut && { held_out: 'held-out.jsonl', per_device_eval_batch_size: recipe.microBatch ?? recipe.batchSize }),
    ...(earlyStopping && {
      patience: earlyStopping.patience,
      metric_for_best_model: 'loss',
      greater_is_better: false,
    }),
  }
}

/** TRL's `SFTConfig`, `ModelConfig` and `ScriptArguments` in one YAML document (TRL 1.16). */
export function renderConfig(job: TrainingJob): string {
  const { recipe } = job
  const microBatch = recipe.microBatch ?? recipe.batchSize
  const document = {
    model_name_or_path: job.base.folder,
    dtype: dtypeOf(recipe),
    dataset_name: 'data',
    output_dir: 'output',
    max_length: null,
    packing: false,
    padding_free: false,
    ...adapters(recipe),
    per_device_train_batch_size: microBatch,
    gradient_accumulation_steps: Math.ceil(recipe.batchSize / microBatch),
    gradient_checkpointing: recipe.gradientCheckpointing ?? false,
    max_steps: stepsOfJob(job),
    ...scriptOptions(job),
    ...trainerOptions(recipe),
    warmup_steps: recipe.warmup < 1 ? recipe.warmup : stepsOfJob(job),
    save_strategy: 'steps',
    save_steps: recipe.saveEvery,
    // Two, where the best one is kept beside the last.
    save_total_limit: recipe.earlyStopping === undefined ? 1 : 2,
    disable_tqdm: true,
  }
  const header = `${needsScript(job) ? SCRIPTED : PLAIN}${DATA}`
  return `${commented(header)}\n${stringify(document)}`
}
