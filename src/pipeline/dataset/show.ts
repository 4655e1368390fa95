import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'
import { idsIn, writeFileAtomic } from '../../shared/project/index.js'
import { isOurPage, renderDatasetPage, renderSamplePage } from '../../shared/report/index.js'
import { describeSample, readProof } from '../../stages/dataset/index.js'
import { takeDataset } from './dataset.js'
import type { RunOutcome } from '../project-run.js'
import type { Run } from '../run.js'
import { checkPlace, type MayReplace } from '../out-place.js'
import { describeFigures, figuresOf } from './show-figures.js'
import { sampleOf } from './show-sample.js'

export interface ShowRequest {
  /** A dataset, or a sample of any. */
  readonly id: string
  readonly sample?: string
  /** Where the page goes; for the terminal alone where not given. */
  readonly html?: string
  /** Which file that is there a page may replace; a page of limi's own where not given. */
  readonly mayReplace?: MayReplace
}

/** `limi dataset show`: figures over a dataset, or one of its samples token by token; as a page where one is asked for. */
export async function showDataset(run: Run, request: ShowRequest): Promise<Result<RunOutcome>> {
  const found = await find(run, request)
  if (!found.ok) return found
  const { dataset, sample } = found.value
  return sample === undefined ? showFigures(run, dataset, request) : showSample(run, dataset, sample, request)
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
  const holding: string[] = []
  for (const dataset of datasets.value) {
    const proof = await readProof(path.join(run.project.paths.datasets, dataset))
    if (proof.ok && proof.value.samples.some((one) => one.id === id)) holding.push(dataset)
  }
  const [dataset, ...others] = holding
  if (dataset === undefined) return failed(unknown(id, run.project.paths.datasets))
  if (others.length > 0) run.warn(`this is ${id} of the dataset ${dataset}; it is also in ${others.join(', ')}`)
  return done({ dataset, sample: id })
}

const unknown = (id: string, where: string): Failure => ({
  kind: 'input',
  code: 'dataset.absent',
  message: `there is no finished dataset ${id}, and none of any dataset's samples is called so`,
  where,
  remedy: '`limi status` shows what there is; `limi dataset build` makes a dataset, or finishes one that was cut',
})

async function showFigures(run: Run, name: string, request: ShowRequest): Promise<Result<RunOutcome>> {
  const dataset = await takeDataset(run, name)
  if (!dataset.ok) return dataset
  const figures = await figuresOf(run, dataset.value.value)
  if (!figures.ok) return figures
  const { total, ...rest } = figures.value
  const data = { ...total, ...rest, proof: figures.value.proof }
  const page = (): string => renderDatasetPage(figures.value)
  return withPage({ data, text: describeFigures(figures.value), page }, request)
}

async function showSample(run: Run, name: string, id: string, request: ShowRequest): Promise<Result<RunOutcome>> {
  const dataset = await takeDataset(run, name)
  if (!dataset.ok) return dataset
  const shown = await sampleOf(run, dataset.value.value, id)
  if (!shown.ok) return shown
  const { segments, ...rest } = shown.value
  const { model } = dataset.value.value
  const page = (): string => renderSamplePage({ ...rest, dataset: name, model, messages: segments })
  return withPage({ data: shown.value, text: describeSample(shown.value), page }, request)
}

interface Shown {
  readonly data: object
  readonly text: string
  readonly page: () => string
}

/** What is shown, or its page in a file. */
async function withPage({ data, text, page }: Shown, { html, mayReplace }: ShowRequest): Promise<Result<RunOutcome>> {
  if (html === undefined) return done({ data, text })
  const file = path.resolve(html)
  const free = await checkPlace(file, mayReplace ?? isPage)
  if (!free.ok) return free
  const written = await writeFileAtomic(file, page())
  return written.ok ? done({ data: { ...data, html: file }, text: `→ ${file}` }) : written
}

const isPage: MayReplace = async (file) => isOurPage(await readFile(file, 'utf8').catch(() => ''))
