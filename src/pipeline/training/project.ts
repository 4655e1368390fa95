import {
  Checkpoint,
  done,
  failed,
  Recipe,
  type DatasetManifest,
  type Failure,
  type RecipeOverrides,
  type Result,
} from '../../nouns/index.js'
import { digestOfModel, type ModelFolder } from '../../shared/models/index.js'
import { placeOf, readManifest } from '../../shared/project/index.js'
import { engineOfMade, readBegun, type Begun } from '../../stages/training/index.js'
import { takeDataset } from '../dataset/dataset.js'
import { folderOf } from '../models.js'
import type { Made, Run } from '../run.js'
import { noService } from './base.js'
import { trainInto, trainOn } from './training.js'

export interface TrainRequest {
  readonly dataset: string
  readonly heldOut?: string
  readonly base?: string
  readonly engine?: string
  readonly recipe: string
  readonly run?: string
  readonly overrides: RecipeOverrides
  readonly setting?: Readonly<Record<string, string>>
  readonly forgetting?: string
}

/** `limi train`. */
export async function trainProject(run: Run, request: TrainRequest): Promise<Result<Made<Checkpoint>>> {
  const datasets = await datasetsOf(run, request.dataset, request.heldOut)
  if (!datasets.ok) return datasets
  const { engine, recipe, overrides, setting, forgetting } = request
  const base = request.base ?? (engine === 'hosted' ? setting?.['model'] : undefined)
  if (engine === 'hosted' && base === undefined) return failed(noService)
  return trainInto(run, {
    ...{ engine, recipe, overrides, setting, forgetting, ...datasets.value },
    run: request.run ?? request.dataset,
    base: base ?? datasets.value.dataset.model,
  })
}

interface Datasets {
  readonly dataset: DatasetManifest
  readonly heldOut?: DatasetManifest
}

async function datasetsOf(run: Run, name: string, heldOutName: string | undefined): Promise<Result<Datasets>> {
  const dataset = await takeDataset(run, name)
  if (!dataset.ok) return dataset
  if (heldOutName === undefined) return done({ dataset: dataset.value.value })
  const heldOut = await takeDataset(run, heldOutName)
  return heldOut.ok ? done({ dataset: dataset.value.value, heldOut: heldOut.value.value }) : heldOut
}

/**
 * `limi train resume`: goes on with a run from the base, dataset and recipe that it was begun with; a finished one is given as it is.
 * Failures: `training.absent`, `training.changed`, and those of training.
 */
export async function resumeProject(run: Run, name: string): Promise<Result<Made<Checkpoint>>> {
  const folder = placeOf(run.project.paths.training, name)
  if (!folder.ok) return folder
  const finished = await readManifest(folder.value, Checkpoint)
  if (finished !== null) return done({ value: finished, kept: true })
  const begun = await readBegun(folder.value)
  if (!begun.ok) return failed(begun.failure.code === 'file.absent' ? nothingBegun(name, folder.value) : begun.failure)
  const recipe = Recipe.safeParse(begun.value.made.parameters['recipe'])
  if (!recipe.success) return failed(changed(name, 'its recipe cannot be read by this version', folder.value))
  const base = await sameBase(run, name, begun.value)
  if (!base.ok) return base
  const datasets = await sameDatasets(run, name, begun.value)
  if (!datasets.ok) return datasets
  const engine = engineOfMade(begun.value.made)
  const { setting } = begun.value
  return trainOn(run, { run: name, engine, base: base.value, recipe: recipe.data, setting, ...datasets.value })
}

/** By the name that it had, or where it lay: the very weights, or none. */
async function sameBase(run: Run, name: string, { made, baseFolder }: Begun): Promise<Result<ModelFolder>> {
  const [wanted] = made.inputs['base'] ?? []
  if (wanted === undefined) return failed(changed(name, 'what it was begun with names no base model', name))
  if (baseFolder === '') return done({ name: wanted.id, folder: '', digest: wanted.digest })
  const found = await folderOf(run, wanted.id)
  if (found.ok && found.value.digest === wanted.digest) return found
  const there = baseFolder === undefined ? null : await digestOfModel(baseFolder)
  if (baseFolder !== undefined && there?.ok === true && there.value === wanted.digest) {
    return done({ name: wanted.id, folder: baseFolder, digest: wanted.digest })
  }
  return found.ok
    ? failed(changed(name, `its base model ${wanted.id} has other weights now`, found.value.folder))
    : found
}

async function sameDatasets(run: Run, name: string, { made }: Begun): Promise<Result<Datasets>> {
  const { dataset: [dataset] = [], heldOut: [heldOut] = [] } = made.inputs
  const found = await datasetsOf(run, dataset?.id ?? '', heldOut?.id)
  if (!found.ok) return found
  for (const [wanted, there] of [
    [dataset, found.value.dataset],
    [heldOut, found.value.heldOut],
  ] as const) {
    if (wanted?.digest !== there?.digest)
      return failed(changed(name, `dataset ${wanted?.id ?? ''} was built anew since`, wanted?.id ?? ''))
  }
  return found
}

const changed = (run: string, message: string, where: string): Failure => ({
  kind: 'input',
  code: 'training.changed',
  message: `run ${run} cannot go on: ${message}`,
  where,
  remedy: 'bring it back as it was, or begin anew with `limi train`, which keeps what is there under another name',
})

const nothingBegun = (run: string, where: string): Failure => ({
  kind: 'input',
  code: 'training.absent',
  message: `no run ${run} was begun`,
  where,
  remedy: '`limi train status` lists the runs of this project; `limi train --dataset D --run NAME` begins one',
})
