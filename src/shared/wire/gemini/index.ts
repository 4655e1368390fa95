import type { Operation, WireDialect } from '../dialect.js'
import { decoded } from '../path-text.js'
import { problem } from './problem.js'
import { asked, readRequest, unfollowed } from './request.js'
import { readResponse } from './response.js'
import { streamWriter, wholeResponse } from './write.js'

export { draftsFrom, resultFrom, type Draft } from './parts.js'
export { usageFrom } from './usage.js'

/**
 * Google's Gemini: the API for developers, Vertex, and Code Assist, which Gemini CLI speaks after a login (ai.google.dev/api;
 * npm `@google/genai`; google-gemini/gemini-cli, packages/core/src/code_assist).
 */
export const gemini: WireDialect = {
  name: 'gemini',
  operation,
  readRequest,
  asked,
  unfollowed,
  readResponse,
  streamWriter,
  wholeResponse,
  problem,
  models,
}

/** A model's name may hold colons and slashes, as `hub:OWNER/NAME`. */
const METHOD =
  /^\/v1(?:alpha|beta\d?|internal)?(?:\/(?:[^:]+?\/)?(?:models|tunedModels)\/(?<model>.+))?:(?<method>\w+)$/
const MODELS = /^\/v1(?:alpha|beta\d?)\/models(?:\/(?<model>.+))?$/

function operation(method: string, path: string, query?: string): Operation | null {
  const found = (method === 'POST' ? METHOD : method === 'GET' ? MODELS : null)?.exec(path)?.groups
  if (found === undefined) return null
  const model = found['model'] === undefined ? {} : { model: decoded(found['model']) }
  if (method === 'GET') return { kind: 'models', ...model }
  if (found['method'] === 'countTokens') return { kind: 'count-tokens', ...model }
  if (found['method'] === 'generateContent') return { kind: 'generate', ...model, stream: false }
  if (found['method'] !== 'streamGenerateContent') return null
  const isList = query !== undefined && new URLSearchParams(query).get('alt') !== 'sse'
  return { kind: 'generate', ...model, stream: true, ...(isList ? { list: true } : {}) }
}

const entry = (name: string) => ({
  ...{ name: `models/${name}`, version: '1', displayName: name },
  supportedGenerationMethods: ['generateContent', 'streamGenerateContent'],
})

function models(names: readonly string[], one?: string): unknown {
  return one === undefined ? { models: names.map(entry) } : entry(one)
}
