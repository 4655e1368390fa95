import path from 'node:path'
import { done, type DatasetManifest, type Result } from '../../nouns/index.js'
import {
  samplesAsSaid,
  streamSamples,
  type ConversationSources,
  type DatasetExporter,
  type ExportRow,
} from '../../stages/dataset/index.js'
import { exporterOf, type TrajectoryExporter } from '../../stages/trajectories/index.js'
import { modelOfDataset } from './model.js'
import { sourcesOf } from './sources.js'
import type { Run } from '../run.js'

/** A row, and what its engine would stumble over. */
export interface SourceRow extends ExportRow {
  readonly warnings: readonly string[]
}

/** The rows of a dataset: its samples as they are stored, or with their messages as a trajectory exporter writes them. */
export async function rowsOf(
  run: Run,
  manifest: DatasetManifest,
  exporter: DatasetExporter,
): Promise<Result<AsyncIterable<Result<SourceRow>>>> {
  const folder = path.join(run.project.paths.datasets, manifest.id)
  if (exporter.writer === undefined) return done(stored(folder))
  const writer = exporterOf(exporter.writer)
  if (!writer.ok) return writer
  const sources = await sourcesOf(run, manifest)
  if (!sources.ok) return sources
  const model = await modelOfDataset(run, manifest)
  if (!model.ok) return model
  return done(said({ folder, manifest, model: model.value, trajectories: sources.value }, writer.value))
}

async function* stored(folder: string): AsyncGenerator<Result<SourceRow>> {
  for await (const sample of streamSamples(folder))
    yield sample.ok ? done({ sample: sample.value, warnings: [] }) : sample
}

async function* said(sources: ConversationSources, writer: TrajectoryExporter): AsyncGenerator<Result<SourceRow>> {
  for await (const one of samplesAsSaid(sources)) {
    if (!one.ok) {
      yield one
      return
    }
    const { sample, conversation, trajectory } = one.value
    const warnings = writer.warnings?.(trajectory) ?? []
    yield done({ sample, said: { conversation, line: writer.write(trajectory) }, warnings })
  }
}
