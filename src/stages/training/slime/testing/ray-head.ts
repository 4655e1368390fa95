import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export interface RayHead {
  readonly address: string
  stop(): Promise<void>
}

/** A real Ray head of the environment that LIMI_TEST_RAY names, on free loopback ports, with little memory; it ends with this process. */
export async function startRay(environment: string): Promise<RayHead> {
  const bin = path.resolve(environment, 'bin')
  // Sockets lie below it, whose paths may have 107 bytes.
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lr-'))
  const [head, dashboard, client, agent, grpc, metrics] = await freePorts(6)
  const ports = { port: head, 'dashboard-port': dashboard, 'ray-client-server-port': client }
  const agents = {
    'dashboard-agent-listen-port': agent,
    'dashboard-agent-grpc-port': grpc,
    'metrics-export-port': metrics,
  }
  const flags = Object.entries({ ...ports, ...agents }).map(([name, port]) => `--${name}=${String(port)}`)
  const limits = ['--num-cpus=2', '--num-gpus=0', '--object-store-memory=80000000', '--disable-usage-stats']
  const where = ['--node-ip-address=127.0.0.1', '--dashboard-host=127.0.0.1', '--include-dashboard=true']
  const args = ['start', '--head', '--block', `--temp-dir=${folder}`, ...flags, ...limits, ...where]
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, RAY_ADDRESS: '' }
  const child = spawn(path.join(bin, 'ray'), args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      said += text.toString()
    })
  }
  const end = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-(child.pid ?? 0), signal)
    } catch {
      // The group is gone already.
    }
  }
  process.once('exit', () => end('SIGKILL'))
  const stop = async (): Promise<void> => {
    const ended = child.exitCode === null ? once(child, 'exit') : undefined
    end('SIGTERM')
    await Promise.race([ended, wait(20_000)])
    end('SIGKILL')
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  const address = `http://127.0.0.1:${String(dashboard)}`
  for (const until = Date.now() + 90_000; Date.now() < until;) {
    await wait(500)
    const answer = await fetch(`${address}/api/jobs/`).catch(() => null)
    if (answer?.ok === true) return { address, stop }
    if (child.exitCode !== null) break
  }
  await stop()
  throw new Error(`Ray did not start: ${said}`)
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close').then(() => undefined)))
  return ports
}
