import { open, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { done, type LossPoint, type Result } from '../../../nouns/index.js'
import { readJson } from '../../../shared/project/index.js'
import { readWeights } from './safetensors.js'

const TrainerState = z.object({
  global_step: z.number().int(),
  log_history: z
    .array(
      z.looseObject({
        step: z.number(),
        loss: z.number().optional(),
        eval_loss: z.number().optional(),
        learning_rate: z.number().optional(),
        num_tokens: z.number().optional(),
        stopped_early: z.number().optional(),
      }),
    )
    .default([]),
})
type TrainerState = z.infer<typeof TrainerState>

export interface Resumable {
  readonly folder: string
  readonly step: number
  /** Step of the best weights, where early stopping ended the run here. */
  readonly stoppedEarly: number | null
}

const stateFile = (folder: string): string => path.join(folder, 'trainer_state.json')

/**
 * The last complete `checkpoint-N`. The trainer writes `trainer_state.json` last, so a folder where it does not parse was
 * cut in the middle; one whose weights are shorter than they say lost them when the machine went off. Both are removed.
 */
export async function lastCheckpoint(output: string): Promise<Resumable | null> {
  const names = await readdir(output).catch(() => [])
  let last: Resumable | null = null
  for (const name of names.filter((each) => /^checkpoint-\d+$/.test(each))) {
    const folder = path.join(output, name)
    const state = await readJson(stateFile(folder), TrainerState)
    if (!state.ok || !(await isWhole(folder))) await rm(folder, { recursive: true, force: true })
    else if (last === null || state.value.global_step > last.step) last = resumableOf(folder, state.value)
  }
  return last
}

const resumableOf = (folder: string, { global_step: step, log_history: logs }: TrainerState): Resumable => ({
  folder,
  step,
  stoppedEarly: logs.flatMap(({ stopped_early: best }) => best ?? []).at(-1) ?? null,
})

async function isWhole(folder: string): Promise<boolean> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name)
    if (name.endsWith('.safetensors') && (await readWeights(file))?.isWhole !== true) return false
    if ((name.endsWith('.pt') || name.endsWith('.pth')) && !(await endsAsArchive(file))) return false
  }
  return true
}

/** PyTorch saves ZIP archives without a comment: their last record is 22 bytes (PKWARE APPNOTE 4.3.16). */
async function endsAsArchive(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const end = Buffer.alloc(4)
    await handle.read(end, 0, 4, Math.max(0, size - 22))
    return end.equals(Buffer.from('PK\x05\x06', 'latin1'))
  } finally {
    await handle.close()
  }
}

export interface History {
  readonly loss: readonly LossPoint[]
  readonly heldOut: readonly LossPoint[]
  readonly tokens: number
}

/** The curves and the token count that a complete checkpoint keeps, earlier attempts included. */
export async function historyOf(checkpoint: Resumable): Promise<Result<History>> {
  const state = await readJson(stateFile(checkpoint.folder), TrainerState)
  if (!state.ok) return state
  const { log_history: logs } = state.value
  const loss = logs.flatMap(({ step, loss: value, learning_rate: learningRate }) =>
    value === undefined ? [] : [{ step, loss: value, ...(learningRate === undefined ? {} : { learningRate }) }],
  )
  const heldOut = logs.flatMap(({ step, eval_loss: value }) => (value === undefined ? [] : [{ step, loss: value }]))
  return done({ loss, heldOut, tokens: Math.max(0, ...logs.map(({ num_tokens: tokens }) => tokens ?? 0)) })
}

/** The checkpoint whose weights are a finished run's result: the best where it keeps the best, else the last. */
export function resultOf(last: Resumable, { heldOut }: History, keepsBest: boolean): string {
  const best = heldOut.reduce<LossPoint | null>(
    (low, each) => (low === null || each.loss < low.loss ? each : low),
    null,
  )
  if (!keepsBest || best === null) return last.folder
  return path.join(path.dirname(last.folder), `checkpoint-${String(best.step)}`)
}
