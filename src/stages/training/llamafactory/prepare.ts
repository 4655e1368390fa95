import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { done, failed, type Result } from '../../../nouns/index.js'
import { diskFailure, writeFileAtomic } from '../../../shared/project/index.js'
import type { TrainingJob } from '../engine.js'
import { linesOf } from '../local/index.js'
import type { Spread } from './batches.js'
import { renderConfig, renderDatasetInfo, renderExport } from './config.js'
import { layoutOf, SCRIPT } from './layout.js'

/** Writes all that `llamafactory-cli` needs, but for the tokenised folder, which {@link SCRIPT} makes of it. */
export async function prepareFiles(job: TrainingJob, spread: Spread): Promise<Result<readonly string[]>> {
  const layout = layoutOf(job.folder)
  const files: Record<string, string> = {
    [layout.config]: renderConfig(job, spread),
    [layout.datasetInfo]: renderDatasetInfo(job),
    [layout.train]: linesOf(job.dataset.samples),
    ...(job.recipe.method !== 'full' && { [layout.exportConfig]: renderExport(job) }),
    ...(job.heldOut && { [layout.heldOut]: linesOf(job.heldOut.samples) }),
  }
  try {
    // It would be taken for the data, whatever the other files say.
    await rm(layout.tokenized, { recursive: true, force: true })
    files[layout.script] = await readFile(scriptAt(SCRIPT), 'utf8')
  } catch (error) {
    return failed(diskFailure(error, layout.work))
  }
  for (const [file, content] of Object.entries(files)) {
    const written = await writeFileAtomic(file, content)
    if (!written.ok) return written
  }
  return done(Object.keys(files))
}

const scriptAt = (name: string): string => path.join(path.dirname(fileURLToPath(import.meta.url)), 'python', name)
