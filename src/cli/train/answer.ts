import type { Checkpoint } from '../../nouns/index.js'
import type { Made } from '../../pipeline/run.js'
import type { TrainedAndRecalled } from '../../pipeline/training/forgetting.js'
import { outcomeWords } from '../../pipeline/training/words.js'
import type { Answer } from '../context.js'

/** What a run made, with the forgetting check where there was one; its loss is a no. */
export const trainedAnswer = ({ made, recall }: TrainedAndRecalled): Answer => ({
  data: { ...contractOf(made.value), ...(recall && { forgetting: recall.data }) },
  text: [textOf(made), ...(recall ? ['', recall.text] : [])].join('\n'),
  no: recall?.verdict === 'loss',
})

/** The document of `limi train --json`. */
const contractOf = (made: Checkpoint) => ({
  run: made.id,
  engine: made.engine,
  base: made.base.name,
  steps: made.steps,
  tokens: made.tokens,
  seconds: made.seconds,
  loss: made.loss.map((point) => point.loss),
  heldOutLoss: (made.heldOutLoss ?? []).map((point) => point.loss),
  checkpoint: `checkpoint:${made.id}`,
})

/** What came out, beside what was expected. */
function textOf({ value: made, kept }: Made<Checkpoint>): string {
  const [first, last] = [made.loss.at(0)?.loss, made.loss.at(-1)?.loss]
  const loss = first === undefined || last === undefined ? 'no steps' : `loss ${first.toFixed(3)} → ${last.toFixed(3)}`
  const held = made.heldOutLoss?.at(-1)?.loss
  const figures = [loss, ...(held === undefined ? [] : [`held-out loss ${held.toFixed(3)}`])].join(', ')
  return [
    ...(kept ? [`${made.id} was finished already: nothing was done`] : outcomeWords(made)),
    `${made.steps} steps on ${made.tokens} tokens in ${Math.round(made.seconds)} s, ${figures}  → checkpoint:${made.id}`,
  ].join('\n')
}
