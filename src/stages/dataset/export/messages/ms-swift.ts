import type { DatasetExporter } from '../exporter.js'
import { reasoningInContent, stopTrains } from './finders.js'
import { changed, messageLines } from './lines.js'

/**
 * Messages for ms-swift (modelscope/ms-swift, docs/source_en/Customization/Custom-dataset.md), each of the assistant's with `loss`.
 * `tools` is JSON text, as its documentation has it: a column of objects would be padded with nulls to one shape by `datasets`.
 */
export const msSwiftDatasetExport: DatasetExporter = {
  format: 'ms-swift',
  writer: 'ms-swift',
  fileName: (dataset) => `${dataset}.ms-swift.jsonl`,
  encoder: () =>
    messageLines(
      changed(({ tools, ...record }) => ({
        ...record,
        ...(tools === undefined ? {} : { tools: JSON.stringify(tools) }),
      })),
      [stopTrains, reasoningInContent],
    ),
  advice: ({ maxTokens }) => [
    'ms-swift obeys `loss` with --loss_scale default, and prints tools and calls as --agent_template says',
    `ms-swift deletes samples longer than --max_length in silence: set it to more than ${maxTokens}, the tokens of the longest`,
    'ms-swift tokenises messages itself, which is not compared: its ids and masks are not known to be ours',
  ],
}
