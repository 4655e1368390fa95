import path from 'node:path'
import { z } from 'zod'
import { Made as MadeNoun, unwrap } from '../../nouns/index.js'
import { isMadeFrom, readJson, versionsHere, writeJson } from '../../shared/project/index.js'
import type { Run } from '../run.js'

const Record = z.looseObject({ format: z.literal('limi.step/1'), made: MadeNoun })

const fileOf = (run: Run, step: string): string => path.join(run.project.paths.cache, 'run', `${step}.json`)

/** Whether a step that leaves plain files, not a manifest, was finished with these inputs and parameters. */
export async function isRecorded(
  run: Run,
  step: string,
  inputs: MadeNoun['inputs'],
  parameters: MadeNoun['parameters'],
): Promise<boolean> {
  const record = await readJson(fileOf(run, step), Record)
  return record.ok && isMadeFrom(record.value.made, inputs, parameters)
}

/** Writes down, last, that a step is finished. */
export async function record(
  run: Run,
  step: string,
  inputs: MadeNoun['inputs'],
  parameters: MadeNoun['parameters'],
): Promise<void> {
  unwrap(
    await writeJson(fileOf(run, step), {
      format: 'limi.step/1',
      made: { inputs, parameters, versions: versionsHere() },
    }),
  )
}
