import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as after } from 'node:timers/promises'
import Docker from 'dockerode'
import { archiveOf } from '../tar.js'
import { startService } from '../service.js'
import { programsOfThisMachine } from './system.js'

/** An engine of a test's own, or why there is none. */
export type TestEngine =
  | {
      readonly ready: true
      readonly docker: Docker
      readonly socketPath: string
      readonly image: string
      stop(): Promise<void>
    }
  | { readonly ready: false; readonly why: string }

const IMAGE = 'limi-test:latest'

/** Podman with a store, a socket and an image of its own: nothing of it is left. */
export async function startTestEngine(): Promise<TestEngine> {
  if (process.platform !== 'linux') return { ready: false, why: 'Podman runs on Linux' }
  if (spawnSync('podman', ['--version']).status !== 0) return { ready: false, why: 'there is no podman here' }
  // Podman takes no path of its own that is longer than 50 characters.
  const store = mkdtempSync(path.join(os.tmpdir(), 'p-'))
  const own = ['--root', path.join(store, 'root'), '--runroot', path.join(store, 'run')]
  const service = await startService([...own, '--cgroup-manager=cgroupfs'])
  const stop = async (): Promise<void> => {
    service?.stop()
    await removeStore(store)
  }
  if (service === null) {
    await stop()
    return { ready: false, why: '`podman system service` does not begin' }
  }
  try {
    const docker = new Docker({ socketPath: service.socketPath })
    await importImage(docker)
    await tryContainer(docker)
    return { ready: true, docker, socketPath: service.socketPath, image: IMAGE, stop }
  } catch (error) {
    await stop()
    return { ready: false, why: `podman starts no container: ${(error as Error).message.split('\n')[0] ?? ''}` }
  }
}

/** The service, and what it started to tidy up, let go of the store a moment later. */
async function removeStore(store: string): Promise<void> {
  const until = performance.now() + 10_000
  for (;;) {
    spawnSync('umount', [path.join(store, 'root', 'overlay')])
    try {
      rmSync(store, { recursive: true, force: true })
      return
    } catch (error) {
      if (performance.now() > until) throw error
    }
    await after(100)
  }
}

async function importImage(docker: Docker): Promise<void> {
  const archive = Readable.from(archiveOf(programsOfThisMachine(), { uid: 0, gid: 0 }))
  const stream = await docker.importImage(archive, { repo: 'limi-test', tag: 'latest' })
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error)))
  })
}

/** Whatever keeps containers from starting here is a reason to skip, as a missing program is. */
async function tryContainer(docker: Docker): Promise<void> {
  const Ulimits = ['nofile', 'nproc'].map((Name) => ({ Name, Soft: 512, Hard: 512 }))
  const HostConfig = { NetworkMode: 'none', Ulimits, CapDrop: ['ALL'] }
  const container = await docker.createContainer({ Image: IMAGE, Entrypoint: ['/bin/true'], HostConfig })
  try {
    await container.start()
    await container.wait()
  } finally {
    await container.remove({ force: true })
  }
}
