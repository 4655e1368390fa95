import path from 'node:path'
import { done, failed, own, type Input, type ModelConfig, type Result } from '../nouns/index.js'
import { isFolderRef, serviceOf } from '../shared/models/index.js'
import { diskFailure, digestOfFile, digestOfValue } from '../shared/project/index.js'
import { folderOf, refOf } from './models.js'
import type { Run } from './run.js'

/** What a model is, for a manifest: by content where its weights are here, by its configured name where it is served elsewhere. */
export async function inputOf(
  run: Run,
  name: string,
): Promise<Result<{ readonly role: string; readonly input: Input }>> {
  const ref = refOf(run, name)
  if (ref.startsWith('script:')) return scriptInput(run, name, ref.slice('script:'.length))
  if (!isFolderRef(ref)) {
    const digest = digestOfValue([ref, withoutPrice(own(run.project.config.models, name))])
    return done({ role: 'model', input: { id: name, digest } })
  }
  const isRun = ref.startsWith('checkpoint:')
  const id = isRun ? ref.slice('checkpoint:'.length) : name
  const service = isRun ? await serviceOf(id, run.project.paths.training) : null
  // The digest that its manifest has: of what the service calls it.
  if (service) return done({ role: 'checkpoint', input: { id, digest: digestOfValue(service) } })
  const located = await folderOf(run, name)
  if (!located.ok) return located
  return done({ role: isRun ? 'checkpoint' : 'base', input: { id, digest: located.value.digest } })
}

/** Another price makes no other model. */
function withoutPrice(config: ModelConfig | undefined): object | null {
  if (config === undefined) return null
  const { price, ...rest } = config
  return price === undefined ? config : rest
}

/** A script is its file. */
async function scriptInput(run: Run, name: string, file: string): ReturnType<typeof inputOf> {
  const place = path.resolve(run.project.root, file)
  try {
    return done({ role: 'model', input: { id: name, digest: await digestOfFile(place) } })
  } catch (error) {
    return failed(diskFailure(error, place))
  }
}
