import { stringify } from 'yaml'
import type { Recipe } from '../../../nouns/index.js'
import { stepsOfJob } from '../steps.js'
import type { TrainingJob } from '../engine.js'

const HEADER = ` Fine-tuning with TRL, run alone by: python -m trl.scripts.sft --config run.yaml   (in this folder)
 data/train.jsonl holds input_ids and labels, one conversation a line; a label of -100 does not train.
 They are used token for token because max_length is null (the default, 1024, would cut longer ones in silence)
 and packing and padding_free are off. A NaN loss must be seen, hence logging_nan_inf_filter.
`

const lora = (recipe: Recipe): Record<string, unknown> =>
  recipe.lora === undefined || recipe.method === 'full'
    ? {}
    : {
        use_peft: true,
        lora_r: recipe.lora.rank,
        lora_alpha: recipe.lora.alpha,
        lora_dropout: recipe.lora.dropout,
        lora_target_modules: 'all-linear',
      }

/** TRL's `SFTConfig`, `ModelConfig` and `ScriptArguments` in one YAML document (TRL 1.16). */
export function renderConfig(job: TrainingJob): string {
  const { recipe } = job
  const document = {
    model_name_or_path: job.base.folder,
    // Weights stay fp32 under bf16 too: the optimiser's small updates would be rounded away.
    dtype: 'float32',
    dataset_name: 'data',
    output_dir: 'output',
    max_length: null,
    packing: false,
    padding_free: false,
    ...lora(recipe),
    per_device_train_batch_size: recipe.batchSize,
    gradient_accumulation_steps: 1,
    gradient_checkpointing: false,
    bf16: recipe.precision === 'bf16',
    max_steps: stepsOfJob(job),
    learning_rate: recipe.learningRate,
    lr_scheduler_type: recipe.schedule === 'constant' ? 'constant_with_warmup' : recipe.schedule,
    warmup_steps: recipe.warmup < 1 ? recipe.warmup : stepsOfJob(job),
    weight_decay: recipe.weightDecay,
    seed: recipe.seed,
    data_seed: recipe.seed,
    logging_steps: 1,
    logging_nan_inf_filter: false,
    save_strategy: 'steps',
    save_steps: recipe.saveEvery,
    save_total_limit: 1,
    disable_tqdm: true,
    report_to: 'none',
  }
  const comment = HEADER.split('\n').map((line) => (line === '' ? '' : `#${line}`))
  return `${comment.join('\n')}\n${stringify(document)}`
}
