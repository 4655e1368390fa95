import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { startGateway } from '../gateway/index.js'
import { listeningTap } from './tap.js'
import { upstream, type Answer } from './upstream.js'

export interface Asked {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: Buffer | string
}

/** One request on a connection of its own. */
export function ask(url: string, { method = 'POST', headers = {}, body }: Asked = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent: false }, resolve)
    request.on('error', reject)
    request.end(body)
  })
}

/** A gateway with one route, `r`, and what stands behind it. */
export async function between(answer: Answer) {
  const behind = await upstream(answer)
  const tap = listeningTap()
  const warnings: string[] = []
  const started = await startGateway({
    routes: [{ name: 'r', upstream: { kind: 'pass', baseUrl: `${behind.baseUrl}/base` } }],
    tap,
    warn: (line) => warnings.push(line),
    env: {},
  })
  if (!started.ok) throw new Error(started.failure.message)
  const gateway = started.value
  const close = async (): Promise<void> => {
    await gateway.close()
    behind.close()
  }
  return { behind, tap, warnings, gateway, url: gateway.urlOf('r'), close }
}
