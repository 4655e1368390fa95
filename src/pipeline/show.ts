import path from 'node:path'
import { done, failed, type Result } from '../nouns/index.js'
import { idsIn, writeFileAtomic } from '../shared/project/index.js'
import { renderDatasetPage, renderSamplePage } from '../shared/report/index.js'
import { describeSample, openDatasetModel, readProof, streamSamples, viewSample } from '../stages/dataset/index.js'
import { trajectoryStore } from '../stages/trajectories/index.js'
import { takeDataset } from './dataset.js'
import { folderOf } from './models.js'
import type { RunOutcome } from './project-run.js'
import type { Run } from './run.js'
import { describeFigures, figuresOf } from './show-figures.js'

export interface ShowRequest {
  /** A dataset, or a sample of any. */
  readonly id: string
  readonly sample?: string
  /** Where the page goes; for the terminal alone where not given. */
  readonly html?: string
}

/** `limi dataset show`: figures over a dataset, or one of its samples token by token; as a page where one is asked for. */
export async function showDataset(run: Run, request: ShowRequest): Promise<Result<RunOutcome>> {
  const found = await find(run, request)
  if (!found.ok) return found
  const { dataset, sample } = found.value
  return sample === undefined ? showFigures(run, dataset, request.html) : showSample(run, dataset, sample, request.html)
}

interface Found {
  readonly dataset: string
  readonly sample?: string
}

/** An id that names no dataset is looked for among the samples of all. */
async function find(run: Run, { id, sample }: ShowRequest): Promise<Result<Found>> {
  const datasets = await idsIn(run.project.paths.datasets, '')
  if (!datasets.ok) return datasets
  if (sample !== undefined || datasets.value.includes(id)) return done({ dataset: id, sample })
  for (const dataset of datasets.value) {
    const proof = await readProof(path.join(run.project.paths.datasets, dataset))
    if (proof.ok && proof.value.samples.some((one) => one.id === id)) return done({ dataset, sample: id })
  }
  return done({ dataset: id })
}

async function showFigures(run: Run, name: string, html: string | undefined): Promise<Result<RunOutcome>> {
  const dataset = await takeDataset(run, name)
  if (!dataset.ok) return dataset
  const figures = await figuresOf(run, dataset.value.value)
  if (!figures.ok) return figures
  const { total, ...rest } = figures.value
  const data = { ...total, ...rest, proof: figures.value.proof }
  return withPage(data, describeFigures(figures.value), html, () => renderDatasetPage(figures.value))
}

async function showSample(run: Run, name: string, id: string, html: string | undefined): Promise<Result<RunOutcome>> {
  const dataset = await takeDataset(run, name)
  if (!dataset.ok) return dataset
  const { model } = dataset.value.value
  const view = await viewOf(run, name, model, id)
  if (!view.ok) return view
  const { segments, ...rest } = view.value
  const page = (): string => renderSamplePage({ ...rest, dataset: name, model, messages: segments })
  return withPage(view.value, describeSample(view.value), html, page)
}

async function viewOf(run: Run, name: string, model: string, id: string): ReturnType<typeof viewSample> {
  const folder = path.join(run.project.paths.datasets, name)
  for await (const sample of streamSamples(folder)) {
    if (!sample.ok) return sample
    if (sample.value.id !== id) continue
    const trajectory = await trajectoryStore(run.project.paths.trajectories).read(sample.value.trajectory)
    if (!trajectory.ok) return trajectory
    const located = await folderOf(run, model)
    if (!located.ok) return located
    const opened = await openDatasetModel(located.value.folder)
    return opened.ok ? viewSample(opened.value, sample.value, trajectory.value) : opened
  }
  const remedy = '`limi dataset show NAME` lists the samples'
  return failed({ kind: 'input', code: 'sample.absent', message: `there is no sample ${id}`, where: folder, remedy })
}

async function withPage(
  data: object,
  text: string,
  html: string | undefined,
  render: () => string,
): Promise<Result<RunOutcome>> {
  if (html === undefined) return done({ data, text })
  const file = path.resolve(html)
  const written = await writeFileAtomic(file, render())
  return written.ok ? done({ data: { ...data, html: file }, text: `→ ${file}` }) : written
}
