import { access } from 'node:fs/promises'
import path from 'node:path'
import { Checkpoint, done, failed, type Failure, type Result } from '../../nouns/index.js'
import { placeOf, readManifest } from '../../shared/project/index.js'
import { isRepository, pushModel } from '../../stages/training/index.js'
import { takeDataset } from '../dataset/dataset.js'
import type { Run } from '../run.js'
import { CARD, writeCard } from './card.js'

export interface PushProjectRequest {
  readonly run: string
  readonly repository: string
  readonly isPrivate?: boolean
}

export interface PushAnswer {
  readonly data: unknown
  readonly text: string
}

/** `limi train push`: the model folder and its card, by the token in HF_TOKEN, to HF_ENDPOINT where that is set. */
export async function pushProject(run: Run, request: PushProjectRequest): Promise<Result<PushAnswer>> {
  const { repository } = request
  if (!isRepository(repository)) return failed(oddName(repository))
  const place = placeOf(run.project.paths.training, request.run)
  if (!place.ok) return place
  const checkpoint = await readManifest(place.value, Checkpoint)
  if (checkpoint === null) return failed(absent(request.run, place.value))
  if (checkpoint.path === undefined) return failed(elsewhere(checkpoint))
  const folder = path.join(place.value, checkpoint.path)
  await cardAtNeed(run, checkpoint, folder)
  const pushed = await pushModel({
    ...{ folder, repository, title: `${checkpoint.id}, trained with limi`, say: run.say },
    ...(request.isPrivate !== undefined && { isPrivate: request.isPrivate }),
    token: process.env['HF_TOKEN'],
    endpoint: process.env['HF_ENDPOINT'],
    ...(run.signal && { signal: run.signal }),
  })
  if (!pushed.ok) return pushed
  const { sent, url } = pushed.value
  const text =
    sent.length === 0 ? `${url} holds all of it already: nothing was sent` : `${sent.length} files sent  → ${url}`
  return done({ data: { run: checkpoint.id, repository, ...pushed.value }, text })
}

/** A card that a person has changed stays; one is written where there is none. */
async function cardAtNeed(run: Run, checkpoint: Checkpoint, folder: string): Promise<void> {
  const isThere = await access(path.join(folder, CARD)).then(
    () => true,
    () => false,
  )
  if (isThere) return
  const dataset = await takeDataset(run, checkpoint.dataset.id)
  if (dataset.ok) await writeCard(run, checkpoint, dataset.value.value)
  else run.warn(`${checkpoint.id} is sent without a model card: ${dataset.failure.message}`)
}

const oddName = (name: string): Failure => ({
  kind: 'input',
  code: 'hub.name',
  message: `${JSON.stringify(name)} names no repository`,
  where: '--hub',
  remedy: 'write OWNER/NAME',
})

const absent = (run: string, where: string): Failure => ({
  kind: 'input',
  code: 'checkpoint.absent',
  message: `no finished training run is named ${run}`,
  where,
  remedy: '`limi train status` says which are; `limi train resume` finishes one',
})

const elsewhere = ({ id, hosted }: Checkpoint): Failure => ({
  kind: 'input',
  code: 'checkpoint.hosted',
  message: `the weights of ${id} are kept by the service that trained them${hosted === undefined ? '' : `, as ${hosted.model}`}: there is nothing to push`,
  remedy: 'push a run of an engine that leaves its weights here',
})
