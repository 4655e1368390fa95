import { existsSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Where an engine listens: a unix socket, or a host with a port. */
export type Address = { readonly socketPath: string } | { readonly host: string; readonly port: number }

type Environment = Readonly<Record<string, string | undefined>>

/** Addresses to try, in order: `DOCKER_HOST` alone where it is set, else the sockets that Docker and Podman make and that are there. */
export function addressesIn(env: Environment): readonly Address[] {
  const given = env['DOCKER_HOST'] ?? ''
  if (given !== '') {
    const address = addressOf(given)
    return address === null ? [] : [address]
  }
  const own = env['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? 0}`
  return [
    '/var/run/docker.sock',
    path.join(own, 'docker.sock'),
    path.join(os.homedir(), '.docker', 'run', 'docker.sock'),
    ...(process.getuid?.() === 0 ? ['/run/podman/podman.sock'] : []),
    path.join(own, 'podman', 'podman.sock'),
  ]
    .filter((place) => existsSync(place))
    .map((socketPath) => ({ socketPath }))
}

/** As `DOCKER_HOST` names it: `unix://PATH` or `tcp://HOST:PORT`; null for anything else. */
function addressOf(text: string): Address | null {
  if (text.startsWith('unix://')) return { socketPath: text.slice('unix://'.length) }
  const [, host, port] = /^(?:tcp|http):\/\/([^/:]+):(\d+)\/?$/.exec(text) ?? []
  return host === undefined ? null : { host, port: Number(port) }
}
