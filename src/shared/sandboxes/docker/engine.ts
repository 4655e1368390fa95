import os from 'node:os'
import type Docker from 'dockerode'
import { execa } from 'execa'
import { FailureError } from '../../../nouns/index.js'
import { removeFolders, removeLeftovers } from './leftovers.js'
import { strictProfile } from './seccomp.js'
import { startService } from './service.js'
import { addressesIn, type Address } from './sockets.js'

/** An engine that answers. */
export interface Engine {
  readonly docker: Docker
  readonly name: 'docker' | 'podman'
  /** Options of security for containers besides those that every engine takes. */
  readonly security: readonly string[]
}

let found: Promise<Engine> | undefined

/** The engine of this machine; what works keeps working. Failure: `sandbox.docker`. */
export function theEngine(): Promise<Engine> {
  found ??= connect().catch((error: unknown) => {
    found = undefined
    throw error
  })
  return found
}

async function connect(): Promise<Engine> {
  const given = process.env['DOCKER_HOST'] ?? ''
  const addresses = addressesIn(process.env)
  const tried: string[] = []
  if (given !== '' && addresses.length === 0) tried.push('DOCKER_HOST is neither unix://PATH nor tcp://HOST:PORT')
  for (const address of addresses) {
    const engine = await engineAt(address).catch(
      (error: unknown) => void tried.push(`${placeOf(address)}: ${wordsOf(error)}`),
    )
    if (engine !== undefined) return engine
  }
  if (tried.length === 0 && given === '' && (await hasPodman())) {
    const service = await startService()
    if (service !== null) return engineAt(service)
    tried.push('`podman system service` does not begin')
  }
  throw new FailureError(noEngine(tried))
}

async function engineAt(address: Address): Promise<Engine> {
  const { default: Client } = await import('dockerode')
  const docker = new Client(address)
  const version = (await docker.version()) as { readonly Components?: readonly { readonly Name: string }[] }
  const isPodman = version.Components?.some(({ Name }) => Name.startsWith('Podman')) === true
  await removeLeftovers(docker)
  await removeFolders(os.tmpdir())
  if (!isPodman) return { docker, name: 'docker', security: [] }
  const profile = await strictProfile()
  return { docker, name: 'podman', security: profile === null ? [] : [`seccomp=${profile}`] }
}

const hasPodman = async (): Promise<boolean> =>
  process.platform === 'linux' &&
  (await execa('podman', ['--version'], { reject: false, stdin: 'ignore' })).exitCode === 0

const placeOf = (address: Address): string =>
  'socketPath' in address ? address.socketPath : `${address.host}:${address.port}`

/** What an engine said, in its own words. */
export function wordsOf(error: unknown): string {
  const { code, json, message } = error as {
    readonly code?: string
    readonly json?: { readonly message?: string }
    readonly message?: string
  }
  if (code === 'EACCES') return 'this user may not speak to it'
  return json?.message ?? message ?? String(error)
}

const noEngine = (tried: readonly string[]) => ({
  kind: 'missing' as const,
  code: 'sandbox.docker',
  message:
    tried.length === 0 ? 'no Docker or Podman is found here' : `no Docker or Podman answers: ${tried.join('; ')}`,
  remedy:
    'install Podman (`apt-get install podman`) or Docker and start it, let this user speak to it (group `docker`, or rootless), or name it: `DOCKER_HOST=unix:///PATH`',
})
