import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../../../nouns/index.js'
import type { TrainingJob } from '../../engine.js'
import type { SlimeOptions } from '../options.js'

/** Folders that all nodes see, by their paths there. */
export interface SharedPlaces {
  /** The base model in Hugging Face's form. */
  readonly base: string
  /** The base model in Megatron's form, where it was converted. */
  readonly megatronBase: string
  /** This run's checkpoints and its result. */
  readonly output: string
  /** The same by its path on this machine. */
  readonly outputHere: string
}

/** Where the run's weights lie on storage that the cluster and this machine share; `name` is the run's own there. */
export function sharedPlaces(job: TrainingJob, options: SlimeOptions, name: string): Result<SharedPlaces> {
  const { shared } = options
  if (shared === undefined || !path.posix.isAbsolute(shared)) return failed(noShared(shared))
  const here = options.sharedHere ?? shared
  const base = options.base ?? underShared(job.base.folder, here, shared)
  if (base === null) return failed(baseElsewhere(job.base.folder, here))
  const output = path.posix.join(shared, 'limi', name)
  return done({
    base,
    megatronBase: `${base.replace(/\/+$/, '')}_torch_dist`,
    output,
    outputHere: path.join(here, 'limi', name),
  })
}

function underShared(folder: string, here: string, there: string): string | null {
  const relative = path.relative(here, folder)
  if (relative.startsWith('..') || path.isAbsolute(relative)) return null
  return path.posix.join(there, ...relative.split(path.sep))
}

const noShared = (given: string | undefined): Failure => ({
  kind: 'missing',
  code: 'slime.no-shared-folder',
  message:
    given === undefined
      ? 'slime needs a folder that every node of the cluster sees'
      : `${given} is no absolute path on the cluster`,
  remedy: 'name one with `shared`: weights, checkpoints and results lie there',
})

const baseElsewhere = (folder: string, here: string): Failure => ({
  kind: 'missing',
  code: 'slime.base-not-shared',
  message: `the base model does not lie below ${here}, where the cluster would find it`,
  where: folder,
  remedy: "copy it there, or name the base model's folder as the nodes see it with `base`",
})
