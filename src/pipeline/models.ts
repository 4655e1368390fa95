import { access, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { done, own, type ProjectConfig, type Result } from '../nouns/index.js'
import {
  locateModel,
  locateTokenizer,
  openModel,
  serveCheckpoint,
  type Backend,
  type LocateOptions,
  type ModelFolder,
  type OpenModel,
  type ServedCheckpoint,
  type TokenizerFolder,
} from '../shared/models/index.js'
import { makeFolder, pathsOf } from '../shared/project/index.js'
import { cacheRootOf, ensureEnvironment, type PythonEnvironment } from '../shared/python/index.js'
import type { Run } from './run.js'

/** Name of the engine environment: its requirements are `shared/python/requirements/trl.txt`. */
const ENVIRONMENT = 'trl'

/**
 * Where engines and models of this project are kept: `LIMI_CACHE`, else the nearest folder above the project that holds
 * engines already (a demo inside a clone shares the clone's), else the project's own `.limi`.
 */
export async function cacheOf(root: string): Promise<string> {
  for (let folder = root; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, '.limi')
    if (await isThere(path.join(candidate, 'engines'))) return cacheRootOf(candidate)
    if (folder === path.dirname(folder)) return cacheRootOf(pathsOf(root).cache)
  }
}

const isThere = (place: string): Promise<boolean> =>
  access(place).then(
    () => true,
    () => false,
  )

/** {@link cacheOf}, made: a `LIMI_CACHE` that cannot be is told before anything is begun. */
async function usableCache(run: Run): Promise<Result<string>> {
  const cacheRoot = await cacheOf(run.project.root)
  const made = await makeFolder(cacheRoot)
  return made.ok ? done(cacheRoot) : made
}

/** The managed Python environment, installed on first use with a word about what and how large. */
export async function pythonOf(run: Run): Promise<Result<PythonEnvironment>> {
  const cache = await usableCache(run)
  if (!cache.ok) return cache
  return ensureEnvironment({
    name: ENVIRONMENT,
    cacheRoot: cache.value,
    announce: (line) => run.say(line),
    signal: run.signal,
  })
}

/** The folder of a model's tokenizer and chat template by its name, without its weights. */
export async function tokenizerOf(run: Run, name: string): Promise<Result<TokenizerFolder>> {
  const options = await locateOptions(run, name)
  if (!options.ok) return options
  const hub = { endpoint: process.env['HF_ENDPOINT'], token: process.env['HF_TOKEN'] }
  return locateTokenizer(refOf(run, name), { ...options.value, hub })
}

/** A model's folder by its name in the grammar, or by its name in limi.yaml. */
export async function folderOf(run: Run, name: string): Promise<Result<ModelFolder>> {
  const options = await locateOptions(run, name)
  return options.ok ? locateModel(refOf(run, name), options.value) : options
}

async function locateOptions(run: Run, name: string): Promise<Result<LocateOptions>> {
  const cache = await usableCache(run)
  if (!cache.ok) return cache
  const ref = refOf(run, name)
  return done({
    cacheRoot: cache.value,
    root: isOf(run.project.config, ref) ? run.project.root : process.cwd(),
    trainingFolder: run.project.paths.training,
    environment: () => pythonOf(run),
    announce: (line) => run.say(line),
    signal: run.signal,
  })
}

/** Whether limi.yaml holds this name, so that a path in it starts from the project; one typed starts from the current folder. */
function isOf({ models, run }: ProjectConfig, ref: string): boolean {
  const refs = Object.values(models).map((model) => ('ref' in model ? model.ref : null))
  const planned = run === undefined ? [] : [run.training.base, ...run.trajectories.collect.map(({ model }) => model)]
  return [...refs, ...planned].includes(ref)
}

/** What a name stands for: an alias of limi.yaml resolved, anything else as it is. */
export function refOf(run: Run, name: string): string {
  const entry = own(run.project.config.models, name)
  return entry !== undefined && 'ref' in entry ? entry.ref : name
}

/** Any model, open for conversation; one with weights on this machine is served until closed. */
export function modelOf(run: Run, name: string, backend?: Backend): Promise<Result<OpenModel>> {
  return openModel(name, {
    config: run.project.config.models,
    projectRoot: run.project.root,
    openFolder: (ref) => serve(run, ref, backend),
  })
}

async function serve(run: Run, ref: string, backend: Backend = 'transformers'): Promise<Result<ServedCheckpoint>> {
  const located = await folderOf(run, ref)
  if (!located.ok) return located
  const environment = await pythonOf(run)
  if (!environment.ok) return environment
  const cacheRoot = await cacheOf(run.project.root)
  const logs = path.join(run.project.paths.cache, 'logs')
  await mkdir(logs, { recursive: true })
  run.say(`  serving ${ref}`)
  return serveCheckpoint({
    folder: located.value.folder,
    environment: environment.value,
    backend,
    cacheRoot,
    logFile: path.join(logs, `serve-${ref.replace(/[^A-Za-z0-9._-]+/g, '-')}.log`),
    signal: run.signal,
  })
}
