import type { DatasetExporter } from '../exporter.js'
import { sampleLines } from './lines.js'

/**
 * Pre-tokenised rows for TRL's SFTTrainer (huggingface/trl 1.16, trl/trainer/sft_trainer.py): a dataset with `input_ids` is taken as
 * processed, its `labels` are used as they are, and the collator only pads them with -100. What changes them still: `max_length`
 * (1024 by default, the rest is cut off and samples without a trained token are dropped), `packing`, and `padding_free`, which
 * sets the first label of each sample to -100.
 */
export const trlDatasetExport: DatasetExporter = {
  format: 'trl',
  fileName: (dataset) => `${dataset}.trl.jsonl`,
  encoder: () => sampleLines(({ input_ids, labels }) => ({ input_ids, labels })),
  advice: ({ maxTokens }) => [
    `TRL cuts samples at max_length, 1024 by default: set max_length: null (the longest sample has ${maxTokens} tokens)`,
    'TRL mixes samples with packing: true: leave packing and padding_free at false',
  ],
}
