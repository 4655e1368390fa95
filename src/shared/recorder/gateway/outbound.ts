import http from 'node:http'
import https from 'node:https'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import type { Environment } from '../../agents/index.js'
import { authorisationOf, proxyFor, TunnelAgent } from './web-proxy.js'

/** Where a route's requests go. */
export interface Target {
  /** For the `Host` header, and for messages. */
  readonly host: string
  /** Path of the base URL, without a slash at its end. */
  readonly basePath: string
  /** @param path with its query @param headers Node's flat list */
  request(method: string, path: string, headers: string[]): http.ClientRequest
  close(): void
}

const SETTING: http.AgentOptions & { noDelay: boolean } = {
  keepAlive: true,
  noDelay: true,
  // An idle connection ends here before it does at the other side: a request on one that just ended would fail.
  timeout: 4000,
}
const MAX_HEADER_BYTES = 128 << 10

/** A base URL as a target, by way of the environment's proxy where it names one. Failure: `record.upstream`. */
export function outboundTo(baseUrl: string, env: Environment): Result<Target> {
  if (!URL.canParse(baseUrl)) return failed(unusable(baseUrl, 'it is no URL'))
  const url = new URL(baseUrl)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return failed(unusable(baseUrl, 'it is neither http nor https'))
  const proxy = proxyFor(url, env)
  if (proxy !== null && proxy.protocol !== 'http:')
    return failed(unusable(proxy.href, `a proxy of ${proxy.protocol} is not known here`))
  const target = { host: url.host, basePath: url.pathname.replace(/\/+$/, '') }
  return done({ ...target, ...(url.protocol === 'https:' ? secure(url, proxy) : plain(url, proxy)) })
}

type Way = Pick<Target, 'request' | 'close'>

function plain(url: URL, proxy: URL | null): Way {
  const agent = new http.Agent(SETTING)
  const to = placeOf(proxy ?? url, 80)
  const before = proxy === null ? '' : url.origin
  const more = proxy === null ? [] : authorisationOf(proxy)
  return {
    request: (method, path, headers) =>
      http.request({
        hostname: to.hostname,
        port: to.port,
        agent,
        method,
        path: before === '' ? path : `${before}${path}`,
        headers: more.length === 0 ? headers : [...headers, ...more],
        maxHeaderSize: MAX_HEADER_BYTES,
      }),
    close: () => agent.destroy(),
  }
}

function secure(url: URL, proxy: URL | null): Way {
  const agent = proxy === null ? new https.Agent(SETTING) : new TunnelAgent(SETTING, proxy)
  const to = placeOf(url, 443)
  return {
    request: (method, path, headers) =>
      https.request({ ...to, agent, method, path, headers, maxHeaderSize: MAX_HEADER_BYTES }),
    close: () => agent.destroy(),
  }
}

const placeOf = (url: URL, port: number) => ({
  hostname: url.hostname.replace(/^\[|\]$/g, ''),
  port: url.port === '' ? port : Number(url.port),
})

const unusable = (where: string, why: string): Failure => ({
  kind: 'input',
  code: 'record.upstream',
  message: `this address cannot be used: ${why}`,
  where,
  remedy: 'name an address as https://api.example.com/v1',
})
