import http from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import type { Environment } from '../../agents/index.js'

/**
 * The proxy that the environment names for an address: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case, as curl reads
 * them (curl.se/docs/manpage.html, "Environment"). Null where there is none.
 */
export function proxyFor(url: URL, env: Environment): URL | null {
  const named = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? ''
  const given = named(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') || named('ALL_PROXY')
  if (given === '' || isLeftOut(url, named('NO_PROXY'))) return null
  const address = given.includes('://') ? given : `http://${given}`
  return URL.canParse(address) ? new URL(address) : null
}

/** `NO_PROXY`: names with what lies below them, perhaps with a port, or `*`. */
function isLeftOut(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true
    const [, name = '', only] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase().replace(/^\[|\]$/g, '')) ?? []
    if (name === '' || (only !== undefined && only !== port)) return false
    return host === name || host.endsWith(`.${name}`)
  })
}

/** The header that a proxy with a name and a password wants, as Node's flat list. */
export function authorisationOf({ username, password }: URL): string[] {
  if (username === '') return []
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return ['Proxy-Authorization', `Basic ${Buffer.from(pair).toString('base64')}`]
}

type Done = (error: Error | null, socket?: Duplex) => void

/** Connections through a tunnel that a proxy opens (RFC 9110, `CONNECT`). */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL

  constructor(options: https.AgentOptions, proxy: URL) {
    super(options)
    this.#proxy = proxy
  }

  override createConnection(options: tls.ConnectionOptions, finished: Done): undefined {
    const { hostname, port } = this.#proxy
    const to = `${options.host?.includes(':') === true ? `[${options.host}]` : options.host}:${options.port}`
    const headers = ['Host', to, ...authorisationOf(this.#proxy)]
    const ask = http.request({
      hostname,
      port: port === '' ? 80 : port,
      method: 'CONNECT',
      path: to,
      headers,
      agent: false,
    })
    ask.once('error', (error) => finished(error))
    ask.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) finished(null, tls.connect({ ...options, socket }))
      else {
        socket.destroy()
        finished(new Error(`the proxy ${hostname} answers ${statusCode} when asked for ${to}`))
      }
    })
    ask.end()
    return undefined
  }
}
