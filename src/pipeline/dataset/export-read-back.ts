import path from 'node:path'
import { done, type DatasetManifest, type Result } from '../../nouns/index.js'
import { plural } from '../../shared/report/index.js'
import { readBack, readBackEngineOf, type ReadBackEngine, type ReadBackReport } from '../../stages/dataset/index.js'
import { modelOfDataset } from './model.js'
import { cacheOf, pythonOf } from '../models.js'
import type { Run } from '../run.js'

export interface ReadBackPlan {
  /** A checkout of the engine's source; null where limi's Python packages have the engine. */
  readonly checkout: string | null
  /** The engine's settings, by its own names. */
  readonly settings: Readonly<Record<string, string>>
}

/** The engine that a plan asks for, known before anything is written; null where none is asked for. */
export async function engineFor(
  format: string,
  plan: ReadBackPlan | undefined,
): Promise<Result<ReadBackEngine | null>> {
  return plan === undefined ? done(null) : readBackEngineOf(format, plan.checkout)
}

/** Runs the engine's own code on what was exported. */
export async function readBackInto(
  run: Run,
  manifest: DatasetManifest,
  engine: ReadBackEngine,
  { checkout, settings }: ReadBackPlan,
  data: string,
): Promise<Result<ReadBackReport>> {
  const model = await modelOfDataset(run, manifest)
  if (!model.ok) return model
  const python = await pythonOf(run)
  if (!python.ok) return python
  run.say(`  reading ${data} back by ${engine.format}'s own code`)
  return readBack({
    ...{ engine, data, checkout, settings, python: python.value.python, cacheRoot: await cacheOf(run.project.root) },
    ...{ dataset: manifest.id, folder: path.join(run.project.paths.datasets, manifest.id), signal: run.signal },
    ...{ model: model.value, modelFolder: model.value.files.folder },
  })
}

/** For a person: totals, then the first differences. */
export function describeReadBack(report: ReadBackReport): string {
  const { engine, samples, tokens, trained, absent, first } = report
  const all = samples.equal + samples.differing + samples.absent
  if (report.equal) return `${engine} reads ${plural(all, 'sample')} as they are, ids and labels`
  return [
    `${engine} reads ${samples.equal} of ${all} samples as they are; ${samples.differing} differ, ${samples.absent} are absent`,
    `  tokens: ${tokens.ours} here, ${tokens.theirs} there; ${tokens.onlyOurs} only here, ${tokens.onlyTheirs} only there`,
    `  trained: ${trained.ours} here, ${trained.theirs} there; ${trained.onlyOurs} only here, ${trained.onlyTheirs} only there`,
    ...absent.map(({ sample, reason }) => `  ${sample}: ${reason}`),
    ...first.map(
      ({ sample, token, tokens: count, text, ours, theirs }) =>
        `  ${sample}, token ${token}${count > 1 ? ` and ${count - 1} more` : ''} ${JSON.stringify(shortened(text))}: ${ours ?? 'absent'} here, ${theirs ?? 'absent'} there`,
    ),
  ].join('\n')
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text)
