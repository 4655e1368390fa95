import { access } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { done, failed, type Failure, type Result } from '../../../../nouns/index.js'

/** An engine whose own code can be run on an export. */
export interface ReadBackEngine {
  readonly format: string
  /** Runs the engine's code; `python/common.py` says how. */
  readonly script: string
  /** A file by which a checkout of its source is known; none where it is installed with limi's Python packages. */
  readonly checkout?: string
  /** What of its settings decides ids and masks, with the values that it has here where none is named. */
  readonly settings: string
}

const scriptAt = (name: string): string => path.join(path.dirname(fileURLToPath(import.meta.url)), 'python', name)

const ENGINES: readonly ReadBackEngine[] = [
  { format: 'trl', script: scriptAt('read_trl.py'), settings: 'max_length=null, packing=false, padding_free=false' },
  {
    format: 'slime',
    script: scriptAt('read_slime.py'),
    checkout: 'slime/utils/mask_utils.py',
    settings: 'loss_mask_type=qwen (or qwen3, qwen3_5, distill_qwen)',
  },
  {
    format: 'llamafactory',
    script: scriptAt('read_llamafactory.py'),
    checkout: 'src/llamafactory/data/template.py',
    settings: 'template=null (made from the chat template; or a name), cutoff_len without end',
  },
]

/** The engine of a format. Failures: `read-back.none`, `read-back.checkout`. */
export async function readBackEngineOf(format: string, checkout: string | null): Promise<Result<ReadBackEngine>> {
  const engine = ENGINES.find((one) => one.format === format)
  if (engine === undefined) return failed(none(format))
  if (engine.checkout === undefined) return checkout === null ? done(engine) : failed(ownCode(format, checkout))
  const isThere = checkout !== null && (await exists(path.join(checkout, engine.checkout)))
  return isThere ? done(engine) : failed(noCheckout(engine.format, engine.checkout, checkout))
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

const none = (format: string): Failure => ({
  kind: 'input',
  code: 'read-back.none',
  message: `no code of its engine reads ${format} back here`,
  remedy: `leave --read-back out; formats that are read back: ${ENGINES.map((one) => one.format).join(', ')}`,
})

const ownCode = (format: string, where: string): Failure => ({
  kind: 'input',
  code: 'read-back.checkout',
  message: `${format} is read back by the code in limi's own Python packages, and by no checkout`,
  where,
  remedy: 'give --read-back without a path, after the name of the dataset',
})

const noCheckout = (format: string, file: string, checkout: string | null): Failure => ({
  kind: 'input',
  code: 'read-back.checkout',
  message:
    checkout === null ? `${format} is read back by its own source` : `no source of ${format} here: ${file} is missing`,
  ...(checkout === null ? {} : { where: checkout }),
  remedy: `name a checkout of its repository: --read-back PATH`,
})
