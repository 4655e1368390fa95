import { done, type Result } from '../../nouns/index.js'
import { startGateway, type Gateway } from './gateway/index.js'
import type { Recorder, RecorderPlan } from './recorder.js'
import { redactCommand, redactUrl, secretsOf } from './redact/index.js'
import { startScribe, type Scribe } from './scribe/index.js'

/**
 * Starts a recorder: a gateway on loopback, and a thread that writes what goes by. Failures: `record.upstream` where an address cannot be used,
 * `record.port`, those of the disk.
 */
export async function startRecorder(plan: RecorderPlan): Promise<Result<Recorder>> {
  const { folder, file, header, agent, routes, command, warn } = plan
  const upstreams = Object.fromEntries(
    routes.map(({ name, upstream }) => [
      name,
      upstream.kind === 'pass' ? bare(upstream.baseUrl) : `${upstream.model.name} (translated)`,
    ]),
  )
  const scribe = await startScribe(
    {
      ...{ folder, file, agent, header: { ...header, extra: { ...header.extra, upstreams } } },
      ...{ routes: upstreams, command: redactCommand(command), secrets: secretsOf(process.env) },
    },
    warn,
  )
  if (!scribe.ok) return scribe
  const gateway = await startGateway({ routes, tap: scribe.value, warn: once(warn), env: process.env })
  if (!gateway.ok) {
    await scribe.value.end()
    return gateway
  }
  return done(recorderOf(gateway.value, scribe.value))
}

function recorderOf(gateway: Gateway, scribe: Scribe): Recorder {
  return {
    urlOf: (route) => gateway.urlOf(route),
    soFar: () => scribe.soFar(),
    close: async (end) => {
      await gateway.close()
      return scribe.close(end)
    },
  }
}

/** An address without a name, a password and keys in it. */
function bare(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) return '[no address]'
  const url = new URL(baseUrl)
  url.username = ''
  url.password = ''
  return redactUrl(url.href).kept
}

/** An agent tries again and again; a line says it. */
function once(warn: (line: string) => void): (line: string) => void {
  const told = new Set<string>()
  return (line) => {
    if (told.size > 1000 || told.has(line)) return
    told.add(line)
    warn(line)
  }
}
