import { FailureError } from '../../../nouns/index.js'
import type { Box } from './box.js'
import { wordsOf } from './engine.js'

/** A box whose engine's faults are failures and not bugs: `sandbox.engine`. */
export const spokenFor = (box: Box): Box => ({
  walls: box.walls,
  get isBusy() {
    return box.isBusy
  },
  run: (spec) => told(box.run(spec).then((run) => ({ ...run, ended: told(run.ended) }))),
  keep: () => told(box.keep()),
  goOn: (image, network) => told(box.goOn(image, network)),
  remove: () => told(box.remove()),
})

function told<Value>(work: Promise<Value>): Promise<Value> {
  return work.catch((error: unknown) => {
    if (!isOfEngine(error)) throw error
    throw new FailureError({
      kind: 'underway',
      code: 'sandbox.engine',
      message: `the engine fails: ${wordsOf(error)}`,
      remedy: 'look whether Docker or Podman still runs, and go on',
    })
  })
}

/** An answer with a status, or no connection. */
function isOfEngine(error: unknown): boolean {
  const { statusCode, code } = error as { readonly statusCode?: number; readonly code?: string }
  return statusCode !== undefined || /^E(CONN|PIPE|NOENT|ACCES|HOST|TIMEDOUT)/.test(code ?? '')
}
