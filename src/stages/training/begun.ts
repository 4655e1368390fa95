import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { done, failed, Made, TrainingEstimate, type Result } from '../../nouns/index.js'
import {
  canonicalJson,
  diskFailure,
  isMadeFrom,
  makeFolder,
  manifestFile,
  moveAside,
  readJson,
  versionsHere,
  writeJson,
} from '../../shared/project/index.js'
import type { TrainingEvent, TrainingJob } from './engine.js'

/** `training/<run>/begun.json`: which job the files of an unfinished run belong to, so that it can be gone on with. */
export const Begun = z.object({
  format: z.literal('limi.training-begun/1'),
  made: Made,
  /** Where the base's weights lay, beside its name in `made`. */
  baseFolder: z.string().optional(),
  /** What was said before the first attempt. */
  estimate: TrainingEstimate.optional(),
  /** What else the engine was told, as a cluster's address; never a secret. */
  setting: z.record(z.string(), z.string()).default({}),
  /** The evaluation that is repeated with what was trained. */
  forgetting: z.string().optional(),
})
export type Begun = z.infer<typeof Begun>

export const begunFile = (folder: string): string => path.join(folder, 'begun.json')

export const readBegun = (folder: string): Promise<Result<Begun>> => readJson(begunFile(folder), Begun)

/** Base and dataset count by content: under another name they are still the same. */
export const isSameWork = (made: Made, inputs: Made['inputs'], parameters: Made['parameters']): boolean =>
  isMadeFrom({ ...made, inputs: unnamed(made.inputs) }, unnamed(inputs), parameters)

const unnamed = (inputs: Made['inputs']): Made['inputs'] =>
  Object.fromEntries(Object.entries(inputs).map(([role, list]) => [role, list.map((one) => ({ ...one, id: '' }))]))

export const madeOf = (job: TrainingJob, engine: string, versions: Record<string, string>): Made => ({
  inputs: {
    base: [{ id: job.base.name, digest: job.base.digest }],
    dataset: [{ id: job.dataset.id, digest: job.dataset.digest }],
    ...(job.heldOut && { heldOut: [{ id: job.heldOut.id, digest: job.heldOut.digest }] }),
  },
  parameters: { engine, recipe: job.recipe },
  versions,
})

/** Name of the engine of a run. */
export function engineOfMade({ parameters }: Made): string {
  const { engine } = parameters
  return typeof engine === 'string' ? engine : 'unknown'
}

export interface BeginRequest {
  readonly job: TrainingJob
  readonly engine: { readonly name: string }
  readonly estimate?: TrainingEstimate
  readonly setting?: Readonly<Record<string, string>>
  readonly forgetting?: string
  readonly onEvent: (event: TrainingEvent) => void
}

/** Moves aside what another job left under this name, and writes down which job the files now belong to. */
export async function begin(request: BeginRequest): Promise<Result<Begun>> {
  const { job, engine, estimate, setting = {}, forgetting, onEvent } = request
  const made = madeOf(job, engine.name, versionsHere())
  try {
    const folder = await makeFolder(job.folder)
    if (!folder.ok) return folder
    const there = await readdir(job.folder)
    const before = await readBegun(job.folder)
    const isFinished = there.includes(path.basename(manifestFile(job.folder)))
    const isOurs = before.ok && isSameWork(before.value.made, made.inputs, made.parameters)
    if (before.ok && isOurs && !isFinished) return await goOn(before.value, request)
    if (there.length > 0) {
      const why = before.ok && !isOurs ? 'base, data or recipe changed' : 'what is there cannot be gone on with'
      const kept = path.basename(await moveAside(job.folder))
      onEvent({ type: 'note', text: `${job.run}: ${why}, so training starts anew; what was there is kept as ${kept}` })
    }
    const { folder: baseFolder } = job.base
    const told = { setting: { ...setting }, ...(forgetting !== undefined && { forgetting }) }
    const begun: Begun = { format: 'limi.training-begun/1', made, baseFolder, estimate, ...told }
    const written = await writeJson(begunFile(job.folder), begun)
    return written.ok ? done(begun) : written
  } catch (error) {
    return failed(diskFailure(error, job.folder))
  }
}

/** The same work, with what is told now where that is something else. */
async function goOn(before: Begun, { job, setting, forgetting }: BeginRequest): Promise<Result<Begun>> {
  const told = { ...before, setting: { ...before.setting, ...setting } }
  const begun = forgetting === undefined ? told : { ...told, forgetting }
  if (canonicalJson(begun) === canonicalJson(before)) return done(before)
  const written = await writeJson(begunFile(job.folder), begun)
  return written.ok ? done(begun) : written
}
