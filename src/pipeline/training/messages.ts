import { done, type DatasetManifest, type Result } from '../../nouns/index.js'
import { datasetExporterOf, DifferenceTally } from '../../stages/dataset/index.js'
import { rowsOf } from '../dataset/export-rows.js'
import type { Run } from '../run.js'

/** The export whose lines services with OpenAI's fine-tuning endpoints take. */
const FORMAT = 'openai-ft'

/** A dataset's samples as messages, a line each, in order; what a service would train otherwise than the dataset says is warned of. */
export async function messagesOf(run: Run, manifest: DatasetManifest): Promise<Result<readonly string[]>> {
  const exporter = datasetExporterOf(FORMAT)
  if (!exporter.ok) return exporter
  const rows = await rowsOf(run, manifest, exporter.value)
  if (!rows.ok) return rows
  const encoder = exporter.value.encoder()
  const tally = new DifferenceTally()
  const parts: (string | Uint8Array)[] = []
  for await (const row of rows.value) {
    if (!row.ok) return row
    const { data, differences } = encoder.row(row.value)
    parts.push(data)
    tally.add(differences)
  }
  for (const { messages, meaning, samples } of Object.values(tally.counted()))
    run.warn(`${manifest.id}: ${messages} ${meaning} (${samples} samples)`)
  const text = [...parts, encoder.end()].map((part) => Buffer.from(part).toString('utf8')).join('')
  return done(text.split('\n').filter((line) => line !== ''))
}
