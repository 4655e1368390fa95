import { done, type Result } from '../../../nouns/index.js'
import type { RecorderRoute } from '../recorder.js'
import type { Exchange } from './exchange.js'
import type { GatewayOptions } from './gateway.js'
import { outboundTo } from './outbound.js'
import { pass } from './pass.js'

/** Who answers the calls of a route. */
export interface Answerer {
  /** Stands before a request's path where dialects are told apart. */
  readonly basePath: string
  answer(exchange: Exchange): void
  close(): void
}

export function answererFor({ upstream }: RecorderRoute, { env }: Pick<GatewayOptions, 'env'>): Result<Answerer> {
  if (upstream.kind === 'model') throw new Error('not there yet')
  const target = outboundTo(upstream.baseUrl, env)
  if (!target.ok) return target
  const outbound = target.value
  return done({
    basePath: outbound.basePath,
    answer: (exchange) => pass(exchange, outbound),
    close: () => outbound.close(),
  })
}
