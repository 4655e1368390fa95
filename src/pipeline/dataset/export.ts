import path from 'node:path'
import { stringify } from 'yaml'
import { done, type DatasetManifest, type DatasetProof, type Result } from '../../nouns/index.js'
import { writeFileAtomic } from '../../shared/project/index.js'
import { integerText, plural } from '../../shared/report/index.js'
import { datasetExporterOf, readHoldingProof, type ReadBackReport } from '../../stages/dataset/index.js'
import { ofExport, placeFor, writeExport, type CountedRows, type ExportPlace } from './export-file.js'
import { describeReadBack, engineFor, readBackInto, type ReadBackPlan } from './export-read-back.js'
import { rowsOf } from './export-rows.js'
import { takeDataset } from './dataset.js'
import type { MayReplace } from '../out-place.js'
import type { Run } from '../run.js'

export interface DatasetExportRequest {
  readonly name: string
  readonly format: string
  /** A file, or a folder where the format is one; in the current folder, by the dataset's name, where not given. */
  readonly out?: string
  /** Which files that are there may be replaced; those of an earlier export where not given. */
  readonly mayReplace?: MayReplace
  /** Whether, and how, the engine's own code is run on what was written. */
  readonly readBack?: ReadBackPlan
}

export interface DatasetExportOutcome {
  readonly data: object
  readonly text: string
  /** The file was written, and the engine would train it otherwise. */
  readonly differs: boolean
}

/** `limi dataset export`: the samples of a proved dataset, in order, as one engine reads them, and what it would train otherwise. */
export async function exportDataset(run: Run, request: DatasetExportRequest): Promise<Result<DatasetExportOutcome>> {
  const { name, format, out, mayReplace, readBack: plan } = request
  const exporter = datasetExporterOf(format)
  if (!exporter.ok) return exporter
  const engine = await engineFor(format, plan)
  if (!engine.ok) return engine
  const dataset = await takeDataset(run, name)
  if (!dataset.ok) return dataset
  const manifest = dataset.value.value
  const proof = await readHoldingProof(path.join(run.project.paths.datasets, manifest.id), manifest)
  if (!proof.ok) return proof
  const rows = await rowsOf(run, manifest, exporter.value)
  if (!rows.ok) return rows
  const place = placeFor(exporter.value, manifest.id, out)
  const written = await writeExport(run, manifest, exporter.value, rows.value, place, mayReplace ?? ofExport(place))
  if (!written.ok) return written
  const warnings = [...exporter.value.advice(manifest), ...written.value.warnings]
  const counted = { format, ...written.value, warnings, made: madeOf(manifest, proof.value) }
  const noted = await writeNote(place, counted)
  if (!noted.ok) return noted
  say(run, counted)
  if (plan === undefined || engine.value === null) return done(outcomeOf(place, counted))
  const read = await readBackInto(run, manifest, engine.value, plan, place.data)
  if (!read.ok)
    return { ok: false, failure: { ...read.failure, message: `${place.data} is written; ${read.failure.message}` } }
  const again = await writeNote(place, { ...counted, readBack: read.value })
  return again.ok ? done(outcomeOf(place, { ...counted, readBack: read.value })) : again
}

interface Exported extends CountedRows {
  readonly format: string
  readonly made: object
  readonly readBack?: ReadBackReport
}

const madeOf = ({ id, digest, model }: DatasetManifest, { templateDigest, tokenizerDigest }: DatasetProof): object => ({
  ...{ dataset: id, digest, model, templateDigest, tokenizerDigest },
})

const writeNote = (place: ExportPlace, exported: Exported): Promise<Result<void>> =>
  writeFileAtomic(place.note, stringify({ rows: path.basename(place.data), ...exported }))

function outcomeOf(place: ExportPlace, exported: Exported): DatasetExportOutcome {
  const { samples, tokens, trainedTokens, readBack } = exported
  const text = `${plural(samples, 'sample')}, ${plural(tokens, 'token')}, ${integerText(trainedTokens)} train  → ${place.path}`
  return {
    data: { ...exported, path: place.path, note: place.note },
    text: readBack === undefined ? text : `${text}\n${describeReadBack(readBack)}`,
    differs: readBack?.equal === false,
  }
}

const SHOWN = 20

function say(run: Run, { differences, warnings }: CountedRows): void {
  const counted = Object.values(differences)
  const lines = counted.map(({ samples, messages, meaning }) => `${messages} ${meaning} (${plural(samples, 'sample')})`)
  lines.push(...warnings)
  for (const line of lines.slice(0, SHOWN)) run.warn(line)
  if (lines.length > SHOWN) run.warn(`and ${lines.length - SHOWN} more: they all stand in the file beside the export`)
}
