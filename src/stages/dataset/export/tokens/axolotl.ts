import type { DatasetExporter } from '../exporter.js'
import { sampleLines } from './lines.js'

/**
 * Pre-tokenised rows for axolotl (axolotl-ai-cloud/axolotl, docs/dataset-formats/tokenized.qmd): an empty `type:` and exactly the
 * columns `input_ids`, `attention_mask`, `labels`, -100 where nothing trains. Samples longer than `sequence_len` (512 by default) are
 * dropped unless `excess_length_strategy: raise` stops there (src/axolotl/utils/data/utils.py).
 */
export const axolotlDatasetExport: DatasetExporter = {
  format: 'axolotl',
  fileName: (dataset) => `${dataset}.axolotl.jsonl`,
  encoder: () =>
    sampleLines(({ input_ids, labels }) => ({ input_ids, attention_mask: input_ids.map(() => 1), labels })),
  advice: ({ maxTokens }) => [
    'axolotl takes the rows as they are with `ds_type: json` and an empty `type:` of the dataset',
    `axolotl drops samples longer than sequence_len: set sequence_len: ${maxTokens} or more, and excess_length_strategy: raise`,
  ],
}
