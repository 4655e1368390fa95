import { done, type Result } from '../../../nouns/index.js'
import type { Environment } from '../../agents/index.js'
import type { ChatModel } from '../../models/index.js'
import type { RecorderRoute } from '../recorder.js'
import type { Exchange } from './exchange.js'
import { outboundTo } from './outbound.js'
import { pass } from './pass.js'

/** Who answers the calls of a route. */
export interface Answerer {
  /** Stands before a request's path where dialects are told apart. */
  readonly basePath: string
  answer(exchange: Exchange): void
  close(): void
}

export function answererFor({ upstream }: RecorderRoute, env: Environment): Result<Answerer> {
  if (upstream.kind === 'model') {
    const { model } = upstream
    return done({ basePath: '', answer: (exchange) => void byModel(exchange, model), close: () => undefined })
  }
  const target = outboundTo(upstream.baseUrl, env)
  if (!target.ok) return target
  const outbound = target.value
  return done({
    basePath: outbound.basePath,
    answer: (exchange) => pass(exchange, outbound),
    close: () => outbound.close(),
  })
}

/** Loaded where a model answers: what is passed on needs no dialect. */
async function byModel(exchange: Exchange, model: ChatModel): Promise<void> {
  const [{ placeOf, queryOf }, { answerByModel }] = await Promise.all([
    import('../place.js'),
    import('./model/answer.js'),
  ])
  const { request, path, rest, warn } = exchange
  await answerByModel(exchange, model, placeOf(request.method ?? 'GET', path, queryOf(rest))).catch(
    (error: unknown) => {
      warn(`the model failed: ${error instanceof Error ? error.message : String(error)}`)
      exchange.response.destroy()
    },
  )
}
