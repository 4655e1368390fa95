import type { LanguageModelV3 } from '@ai-sdk/provider'
import { done, failed, type Result } from '../../../nouns/index.js'
import type { ChatModel } from '../model.js'

interface ProviderEntry {
  readonly keyEnv: string
  readonly reasoning: 'full' | 'summary'
  readonly callArguments: 'text' | 'value'
  readonly results: 'text' | 'files'
  open(model: string, apiKey: string, baseURL: string | undefined): Promise<LanguageModelV3>
}

/** One entry a provider; its code loads when a model of it is opened. */
const ENTRIES = {
  /** Chat completions rather than Responses: its requests hold the whole conversation, and nothing is kept there. */
  openai: {
    keyEnv: 'OPENAI_API_KEY',
    reasoning: 'summary',
    callArguments: 'text',
    results: 'text',
    async open(model, apiKey, baseURL) {
      const { createOpenAI } = await import('@ai-sdk/openai')
      return createOpenAI({ apiKey, baseURL }).chat(model)
    },
  },
  anthropic: {
    keyEnv: 'ANTHROPIC_API_KEY',
    reasoning: 'summary',
    callArguments: 'value',
    results: 'files',
    async open(model, apiKey, baseURL) {
      const { createAnthropic } = await import('@ai-sdk/anthropic')
      return createAnthropic({ apiKey, baseURL })(model)
    },
  },
  google: {
    keyEnv: 'GOOGLE_GENERATIVE_AI_API_KEY',
    reasoning: 'summary',
    callArguments: 'value',
    results: 'files',
    async open(model, apiKey, baseURL) {
      const { createGoogleGenerativeAI } = await import('@ai-sdk/google')
      return createGoogleGenerativeAI({ apiKey, baseURL })(model)
    },
  },
} satisfies Record<string, ProviderEntry>

export type Provider = keyof typeof ENTRIES

export interface HostedOptions {
  readonly name: string
  readonly provider: Provider
  readonly model: string
  /** Where keys are looked up. Default: this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Instead of the provider's own address: a proxy, a recorder. */
  readonly baseUrl?: string
}

/** A hosted model. Without a key it is `model.key-missing`, before any request. */
export async function hostedModel(options: HostedOptions): Promise<Result<ChatModel>> {
  const entry: ProviderEntry = ENTRIES[options.provider]
  const apiKey = (options.env ?? process.env)[entry.keyEnv]
  if (apiKey === undefined || apiKey.trim() === '') {
    return failed({
      kind: 'missing',
      code: 'model.key-missing',
      message: `${options.name} needs a key`,
      where: entry.keyEnv,
      remedy: `set ${entry.keyEnv} in the environment`,
    })
  }
  const { aiSdkModel } = await import('../ai-sdk/index.js')
  return done(
    aiSdkModel({
      name: options.name,
      model: await entry.open(options.model, apiKey, options.baseUrl),
      reasoning: entry.reasoning,
      callArguments: entry.callArguments,
      results: entry.results,
      place: {
        where: options.name,
        reachRemedy: 'check the network connection',
        keyRemedy: `check the key in ${entry.keyEnv}`,
      },
    }),
  )
}
