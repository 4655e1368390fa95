import type { Message } from '../../../../nouns/index.js'
import { conversationOf } from '../conversation.js'
import type { TrajectoryExporter } from '../exporter.js'
import { weightOf } from '../weight.js'
import { ObjectArguments, withoutObject } from './arguments.js'
import type { Fields } from '../../import/values.js'
import { recordOf } from './record.js'

/**
 * What slime's supervised fine-tuning reads with `--input-key messages --tool-key tools` (THUDM/slime, slime/utils/data.py). An assistant
 * message whose `step_loss_mask` is not 1 does not train (slime/utils/mask_utils.py); messages of other roles never do. Arguments are
 * objects, since slime gives the messages to the model's own chat template, and newer ones look into them.
 */
export const slimeExport: TrajectoryExporter = {
  format: 'slime',
  layout: 'lines',
  readBy: 'openai-messages',
  holdsWeights: true,
  write: (trajectory) => {
    const objects = new ObjectArguments()
    return objects.stringify(recordOf(trajectory, { argumentsOf: objects.place, weightFields }))
  },
  warnings: (trajectory) => {
    const named = withoutObject(conversationOf(trajectory).messages)
    if (named.length === 0) return []
    return [
      `${trajectory.id}: arguments that are no JSON object stay text, which some chat templates refuse: ${named.join(', ')}`,
    ]
  },
}

const weightFields = (message: Message): Fields =>
  message.role === 'assistant' ? { step_loss_mask: weightOf(message) > 0 ? 1 : 0 } : {}
