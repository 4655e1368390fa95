import type { ChatModel } from '../model.js'

export interface EndpointOptions {
  /** What the model is called here. */
  readonly name: string
  /** For example `http://localhost:8000/v1`. */
  readonly baseUrl: string
  /** What the server calls it. */
  readonly model: string
  readonly apiKey?: string
  /** Environment variable that the key is from, for messages. */
  readonly apiKeyEnv?: string
  /** What every request carries besides, for servers with parameters of their own. */
  readonly extraBody?: Readonly<Record<string, unknown>>
}

/**
 * A model behind an OpenAI-compatible endpoint, streamed. A stream that ends without `[DONE]` is whole if it gave a finish
 * reason (`transformers serve` sends none); errors may be OpenAI's or FastAPI's. It waits as long as `fetch` does: five
 * minutes for the first byte and between two.
 */
export function endpointModel(options: EndpointOptions): ChatModel {
  let opened: Promise<ChatModel> | undefined
  return {
    name: options.name,
    async *stream(request, signal) {
      opened ??= open(options)
      yield* (await opened).stream(request, signal)
    },
  }
}

/** Loads the SDK with the first request: a command that asks no such model starts without it. */
async function open(options: EndpointOptions): Promise<ChatModel> {
  const [{ createOpenAICompatible }, { aiSdkModel }] = await Promise.all([
    import('@ai-sdk/openai-compatible'),
    import('../ai-sdk/index.js'),
  ])
  const provider = createOpenAICompatible({
    name: 'endpoint',
    baseURL: options.baseUrl,
    includeUsage: true,
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    transformRequestBody: (body) => ({ ...body, ...options.extraBody }),
  })
  return aiSdkModel({
    name: options.name,
    model: provider.chatModel(options.model),
    reasoning: 'full',
    callArguments: 'text',
    results: 'text',
    place: {
      where: options.baseUrl,
      reachRemedy: 'start the server, or correct baseUrl',
      keyRemedy:
        options.apiKeyEnv === undefined
          ? 'name the environment variable that holds the key: apiKeyEnv in limi.yaml'
          : `check the key in ${options.apiKeyEnv}`,
    },
  })
}
