import type { DatasetExporter } from '../exporter.js'
import { contextTrains, stopTrains } from './finders.js'
import { changed, messageLines, type Fields } from './lines.js'

/**
 * A folder for LLaMA-Factory (hiyouga/LLaMA-Factory, data/README.md): ShareGPT turns, and the `dataset_info.json` that names their
 * fields. It has no weights: every turn of the model trains, or with `mask_history` the last alone. It renders by templates of its own
 * (src/llamafactory/data/template.py), not by the model's, so that ids and masks may differ, which a read-back shows.
 */
export const llamaFactoryDatasetExport: DatasetExporter = {
  format: 'llamafactory',
  writer: 'sharegpt',
  fileName: (dataset) => `${dataset}.jsonl`,
  companions: (dataset) => ({ 'dataset_info.json': `${JSON.stringify({ [dataset]: entryOf(dataset) }, null, 2)}\n` }),
  encoder: () => messageLines(changed(withTools), [contextTrains, stopTrains]),
  advice: ({ id, maxTokens }) => [
    `LLaMA-Factory reads it with dataset_dir: this folder, dataset: ${id}, and the template of the model's family`,
    `LLaMA-Factory cuts samples at cutoff_len, 2048 by default: set more than ${maxTokens}, the tokens of the longest`,
    'LLaMA-Factory renders and tokenises by templates of its own: --read-back CHECKOUT shows where its mask differs',
    'LLaMA-Factory takes our ids and labels as they are by tokenized_path (docs/datasets.md says how)',
  ],
}

/** LLaMA-Factory stops where a file has no column of the name that is said to hold tools. */
const withTools = ({ tools = '', ...row }: Fields): Fields => ({ ...row, tools })

/** Tags are those that LLaMA-Factory has by default; written out, they hold whatever its defaults become. */
const entryOf = (dataset: string): object => ({
  file_name: `${dataset}.jsonl`,
  formatting: 'sharegpt',
  columns: { messages: 'conversations', tools: 'tools' },
  tags: {
    role_tag: 'from',
    content_tag: 'value',
    user_tag: 'human',
    assistant_tag: 'gpt',
    observation_tag: 'observation',
    function_tag: 'function_call',
    system_tag: 'system',
  },
})
