import type { DatasetExporter } from '../exporter.js'
import { stopTrains } from './finders.js'
import { asWritten, messageLines } from './lines.js'

/**
 * Messages for slime's supervised fine-tuning (THUDM/slime, slime/rollout/sft_rollout.py), with `step_loss_mask` 0 where an assistant's
 * message does not train. slime renders and tokenises them itself, message by message, by the model's own chat template
 * (slime/utils/mask_utils.py, `MultiTurnLossMaskGenerator`): its ids and masks may differ, which a read-back shows.
 */
export const slimeDatasetExport: DatasetExporter = {
  format: 'slime',
  writer: 'slime',
  fileName: (dataset) => `${dataset}.slime.jsonl`,
  encoder: () => messageLines(asWritten, [stopTrains]),
  advice: () => [
    'slime reads it with --input-key messages --tool-key tools and without --apply-chat-template',
    'slime renders and tokenises messages itself, by --loss-mask-type: --read-back CHECKOUT shows where its mask differs',
  ],
}
