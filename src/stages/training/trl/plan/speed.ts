import path from 'node:path'
import os from 'node:os'
import { z } from 'zod'
import type { Recipe, Result } from '../../../../nouns/index.js'
import { readJson, writeJson } from '../../../../shared/project/index.js'
import type { Gpu } from '../../../../shared/python/index.js'

/** How many FLOP/s training reaches here, and where that is known from. */
export interface Speed {
  readonly flops: number
  readonly source: string
}

const Measured = z.object({
  format: z.literal('limi.training-speed/1'),
  /** FLOP/s by device, precision and size of the model. */
  flops: z.record(z.string(), z.number().positive()),
})

const fileIn = (cacheRoot: string): string => path.join(cacheRoot, 'engines', 'trl-speed.json')

/** Of what a processor core does in training when nothing else runs, seen on one of them: an order of magnitude. */
const FLOPS_OF_A_CORE = 40e9
/** Share of the stated peak that training usually reaches (PaLM reports 0.46 on TPUs; small batches reach less). */
const REACHED = 0.35

/** Dense bf16 FLOP/s by NVIDIA's data sheets. */
const PEAKS: readonly (readonly [RegExp, number])[] = [
  [/B200/, 2250e12],
  [/H[12]00|H800/, 989e12],
  [/A100|A800/, 312e12],
  [/L40S/, 362e12],
  [/L4\b/, 121e12],
  [/A10\b/, 125e12],
  [/RTX 5090/, 210e12],
  [/RTX 4090/, 165e12],
  [/RTX 3090/, 71e12],
  [/V100/, 125e12],
  [/T4\b/, 65e12],
]

/** Powers of ten of the parameters: small models reach less of the same machine. */
const keyOf = (device: string, { precision, method }: Recipe, parameters: number): string =>
  [device, precision, method, `1e${String(Math.round(Math.log10(Math.max(1, parameters))))}`].join(' ')

export async function speedHere(
  cacheRoot: string,
  gpus: readonly Gpu[],
  recipe: Recipe,
  parameters: number,
): Promise<Speed | null> {
  const device = gpus[0]?.name ?? processorHere()
  const measured = await readJson(fileIn(cacheRoot), Measured)
  const before = measured.ok ? measured.value.flops[keyOf(device, recipe, parameters)] : undefined
  if (before !== undefined)
    return { flops: before, source: 'measured here by the last run with a model of about this size' }
  return gpus[0] === undefined ? assumedOfCores() : statedOf(gpus[0].name, recipe)
}

const assumedOfCores = (): Speed => {
  const cores = os.availableParallelism()
  const source = `assumed: 40 GFLOP/s for each of ${String(cores)} cores; the first run here measures it`
  return { flops: FLOPS_OF_A_CORE * cores, source }
}

function statedOf(name: string, { precision }: Recipe): Speed | null {
  const peak = PEAKS.find(([pattern]) => pattern.test(name))?.[1]
  if (peak === undefined || precision === 'fp32') return null
  return {
    flops: peak * REACHED,
    source: `35 % of the peak that NVIDIA states for ${name}; the first run here measures it`,
  }
}

export const processorHere = (): string => `${os.cpus()[0]?.model ?? 'unknown'} × ${String(os.availableParallelism())}`

/** Keeps what a run reached for the next plan. */
export async function keepSpeed(
  cacheRoot: string,
  device: string,
  recipe: Recipe,
  parameters: number,
  flops: number,
): Promise<Result<unknown>> {
  const before = await readJson(fileIn(cacheRoot), Measured)
  const known = before.ok ? before.value.flops : {}
  const kept = { ...known, [keyOf(device, recipe, parameters)]: flops }
  return writeJson(fileIn(cacheRoot), { format: 'limi.training-speed/1', flops: kept })
}
