import path from 'node:path'
import { done, type CuratePlan, type DatasetManifest, type Result, type Selection } from '../nouns/index.js'
import {
  checkDataset,
  type Certify,
  type DatasetCheck,
  type Overflow,
  type Policy,
  type Threads,
} from '../stages/dataset/index.js'
import { inStore } from './dataset/chosen.js'
import { readPool } from './trajectories/pool.js'
import { curateInto } from './curation.js'
import { readChatTemplate } from './dataset/model.js'
import { selectionOf, sourcesOf } from './dataset/sources.js'
import { buildInto, takeDataset } from './dataset/dataset.js'
import { tokenizerOf } from './models.js'
import { heldOutQueries } from './queries/held-out.js'
import type { Run } from './run.js'

/** `limi curate`: what the plan's benchmark and the project hold out never teaches. */
export async function curateProject(run: Run, plan: CuratePlan, seed: number): Promise<Selection> {
  const { members } = await readPool(run)
  return (await curateInto(run, plan, seed, members, await heldOutQueries(run))).value
}

export interface DatasetRequest {
  readonly name: string
  readonly selection: string
  readonly model: string
  /** A file; taken instead of the model's own. */
  readonly chatTemplate?: string
  readonly maxTokens: number
  readonly overflow: Overflow
  readonly unfit?: Policy
  readonly threads?: Threads
}

/** `limi dataset build`. */
export async function buildProjectDataset(run: Run, request: DatasetRequest): Promise<Result<DatasetManifest>> {
  const selection = await selectionOf(run, request.selection)
  if (!selection.ok) return selection
  const given = await readChatTemplate(request.chatTemplate)
  if (!given.ok) return given
  const plan = { ...request, chatTemplate: given.value, selection: selection.value, find: inStore(run) }
  const built = await buildInto(run, plan)
  return built.ok ? done(built.value.value) : built
}

/** `limi dataset check`: makes everything again from the trajectories alone and compares. */
export async function checkProjectDataset(run: Run, name: string, certify?: Certify): Promise<Result<DatasetCheck>> {
  const dataset = await takeDataset(run, name)
  if (!dataset.ok) return dataset
  const manifest = dataset.value.value
  const sources = await sourcesOf(run, manifest)
  if (!sources.ok) return sources
  const model = await tokenizerOf(run, manifest.model)
  if (!model.ok) return model
  return checkDataset({
    folder: path.join(run.project.paths.datasets, name),
    trajectories: sources.value,
    modelFolder: model.value.folder,
    ...(certify && { certify }),
  })
}
