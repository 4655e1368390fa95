import { chmod, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { done, failed, type Result } from '../../../../nouns/index.js'
import { diskFailure, writeFileAtomic } from '../../../../shared/project/index.js'
import { batchesOf } from '../batches.js'
import { FILES, layoutOf } from './layout.js'
import {
  launchFile,
  runtimeEnvironment,
  settingsFile,
  submitFile,
  toHuggingFaceFile,
  toMegatronFile,
  type Launch,
} from './scripts.js'

const ROLLOUT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'python', FILES.rollout)

const jsonLines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

/** Writes the job's working directory; returns its files. */
export async function writeWorkFiles(launch: Launch): Promise<Result<readonly string[]>> {
  const { work } = layoutOf(launch.job.folder)
  const { samples } = launch.job.dataset
  const contents = {
    [FILES.samples]: jsonLines(samples.map(({ id, input_ids, labels }) => ({ id, input_ids, labels }))),
    [FILES.batches]: jsonLines(batchesOf(launch.job)),
    [FILES.rollout]: await readFile(ROLLOUT, 'utf8'),
    [FILES.settings]: settingsFile(launch),
    [FILES.launch]: launchFile(launch),
    [FILES.toMegatron]: toMegatronFile(launch),
    [FILES.toHuggingFace]: toHuggingFaceFile(launch),
    [FILES.submit]: submitFile(launch),
    [FILES.runtime]: `${JSON.stringify(runtimeEnvironment(launch), null, 2)}\n`,
  }
  const files = []
  for (const [name, content] of Object.entries(contents)) {
    const file = path.join(work, name)
    const written = await writeFileAtomic(file, content)
    if (!written.ok) return written
    files.push(file)
  }
  try {
    for (const file of files) if (file.endsWith('.sh')) await chmod(file, 0o755)
  } catch (error) {
    return failed(diskFailure(error, work))
  }
  return done(files)
}
