import path from 'node:path'
import { stringify } from 'yaml'
import { done, type Result } from '../nouns/index.js'
import { writeFileAtomic } from '../shared/project/index.js'
import { datasetExporterOf, readHoldingProof } from '../stages/dataset/index.js'
import { placeFor, writeExport, type CountedRows } from './dataset-export-file.js'
import { rowsOf } from './dataset-export-rows.js'
import { takeDataset } from './dataset.js'
import type { Run } from './run.js'

export interface DatasetExportRequest {
  readonly name: string
  readonly format: string
  /** A file, or a folder where the format is one; in the current folder, by the dataset's name, where not given. */
  readonly out?: string
}

export interface DatasetExportOutcome {
  readonly data: object
  readonly text: string
}

/** `limi dataset export`: the samples of a proved dataset, in order, as one engine reads them, and what it would train otherwise. */
export async function exportDataset(run: Run, request: DatasetExportRequest): Promise<Result<DatasetExportOutcome>> {
  const found = datasetExporterOf(request.format)
  if (!found.ok) return found
  const exporter = found.value
  const dataset = await takeDataset(run, request.name)
  if (!dataset.ok) return dataset
  const manifest = dataset.value.value
  const proof = await readHoldingProof(path.join(run.project.paths.datasets, manifest.id), manifest)
  if (!proof.ok) return proof
  const rows = await rowsOf(run, manifest, exporter)
  if (!rows.ok) return rows
  const place = placeFor(exporter, manifest.id, request.out)
  const written = await writeExport(run, manifest, exporter, rows.value, place)
  if (!written.ok) return written
  const { samples, tokens, trainedTokens, differences } = written.value
  const warnings = [...exporter.advice(manifest), ...written.value.warnings]
  const { templateDigest, tokenizerDigest } = proof.value
  const made = { dataset: manifest.id, digest: manifest.digest, model: manifest.model, templateDigest, tokenizerDigest }
  const counts = { samples, tokens, trainedTokens }
  const data = { format: exporter.format, path: place.path, ...counts, differences, warnings, made, note: place.note }
  const about = { format: exporter.format, rows: path.basename(place.data), ...counts, made, differences, warnings }
  const noted = await writeFileAtomic(place.note, stringify(about))
  if (!noted.ok) return noted
  say(run, [...differenceLines(written.value), ...warnings])
  return done({ data, text: `${samples} samples, ${tokens} tokens, ${trainedTokens} train  → ${place.path}` })
}

const differenceLines = ({ differences }: CountedRows): string[] =>
  Object.values(differences).map(({ samples, messages, meaning }) => `${messages} ${meaning} (${samples} samples)`)

const SHOWN = 20

function say(run: Run, lines: readonly string[]): void {
  for (const line of lines.slice(0, SHOWN)) run.warn(line)
  if (lines.length > SHOWN) run.warn(`and ${lines.length - SHOWN} more: they all stand in the file beside the export`)
}
