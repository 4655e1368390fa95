import { access } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type DatasetManifest, type Failure, type Result } from '../../nouns/index.js'
import { writeFileAtomic } from '../../shared/project/index.js'
import { DifferenceTally, type CountedDifference, type DatasetExporter } from '../../stages/dataset/index.js'
import type { SourceRow } from './export-rows.js'
import { LinesFile } from '../lines-file.js'
import { checkPlace, type MayReplace } from '../out-place.js'
import type { Run } from '../run.js'

/** Where an export goes: a file, or a folder with a file of rows and others beside it. */
export interface ExportPlace {
  readonly path: string
  /** The file of rows. */
  readonly data: string
  /** Says what was exported; no training program takes it for data. */
  readonly note: string
}

export interface CountedRows {
  readonly samples: number
  readonly tokens: number
  readonly trainedTokens: number
  readonly differences: Readonly<Record<string, CountedDifference>>
  readonly warnings: readonly string[]
}

/** In the current folder, by the dataset's name, where no place is named. */
export function placeFor(exporter: DatasetExporter, dataset: string, out: string | undefined): ExportPlace {
  const name = exporter.fileName(dataset)
  if (exporter.companions === undefined) {
    const file = path.resolve(out ?? name)
    return { path: file, data: file, note: `${file}.about.yaml` }
  }
  const folder = path.resolve(out ?? `${dataset}.${exporter.format}`)
  return { path: folder, data: path.join(folder, name), note: path.join(folder, `${name}.about.yaml`) }
}

/** Writes the rows, and what lies beside them. A file of rows is whole or not there, and one that lay there stays until then. */
export async function writeExport(
  run: Run,
  manifest: DatasetManifest,
  exporter: DatasetExporter,
  rows: AsyncIterable<Result<SourceRow>>,
  place: ExportPlace,
  mayReplace: MayReplace,
): Promise<Result<CountedRows>> {
  const companions = companionsFor(exporter, manifest, place)
  for (const out of [place.data, ...companions.map(([file]) => file)]) {
    const free = await checkPlace(out, mayReplace)
    if (!free.ok) return free
  }
  const file = await LinesFile.open(place.data)
  if (!file.ok) return file
  const counted = await encodeInto(run, exporter, rows, file.value)
  if (!counted.ok) {
    await file.value.abandon()
    return counted
  }
  const committed = await file.value.commit()
  if (!committed.ok) return committed
  for (const [companion, content] of companions) {
    const beside = await writeFileAtomic(companion, content)
    if (!beside.ok) return beside
  }
  return counted
}

/** A file that others may have written, such as an index of many datasets, is never overwritten unasked. */
export function ofExport({ note }: ExportPlace): MayReplace {
  return () =>
    access(note).then(
      () => true,
      () => false,
    )
}

/** What lies beside the rows: files by their place. */
const companionsFor = (exporter: DatasetExporter, manifest: DatasetManifest, place: ExportPlace) =>
  Object.entries(exporter.companions?.(manifest.id) ?? {}).map(
    ([name, content]) => [path.join(place.path, name), content] as const,
  )

async function encodeInto(
  run: Run,
  exporter: DatasetExporter,
  rows: AsyncIterable<Result<SourceRow>>,
  file: LinesFile,
): Promise<Result<CountedRows>> {
  const encoder = exporter.encoder()
  const tally = new DifferenceTally()
  const warnings: string[] = []
  const totals = { samples: 0, tokens: 0, trainedTokens: 0 }
  for await (const row of rows) {
    if (run.signal?.aborted === true) return failed(INTERRUPTED)
    if (!row.ok) return row
    const encoded = encoder.row(row.value)
    const written = await file.write(encoded.data)
    if (!written.ok) return written
    tally.add(encoded.differences)
    warnings.push(...row.value.warnings)
    const { input_ids, labels } = row.value.sample
    totals.samples += 1
    totals.tokens += input_ids.length
    totals.trainedTokens += labels.filter((label) => label >= 0).length
  }
  const ended = await file.write(encoder.end())
  return ended.ok ? done({ ...totals, differences: tally.counted(), warnings }) : ended
}

const INTERRUPTED: Failure = {
  kind: 'interrupted',
  code: 'export.interrupted',
  message: 'the export was stopped',
  remedy: 'run the same command again',
}
