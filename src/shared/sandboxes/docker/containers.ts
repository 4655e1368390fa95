import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as after } from 'node:timers/promises'
import type Docker from 'dockerode'
import { controlOver, type Control } from './control.js'
import { containerOptions, type Walls } from './walls.js'
import { archiveOf, type Entry, type TarOwner } from './tar.js'

/** A container at work. */
export interface Container {
  readonly docker: Docker.Container
  readonly control: Control
}

/** What lies in a container before anything runs: unpacked at its root. */
export interface Beginning {
  readonly entries: Iterable<Entry> | AsyncIterable<Entry>
  readonly owner: TarOwner
}

/** Makes a container from an image and begins its first process. */
export async function openContainer(walls: Walls, image: string, beginning?: Beginning): Promise<Container> {
  const docker = await walls.engine.docker.createContainer(containerOptions(walls, image))
  try {
    if (beginning !== undefined) await unpack(docker, beginning)
    return { docker, control: await begin(docker) }
  } catch (error) {
    await removeContainer(docker)
    throw error
  }
}

/** Begins the first process, of a new container or of one that was ended. */
export async function begin(docker: Docker.Container): Promise<Control> {
  const connection = await docker.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true })
  await docker.start()
  return controlOver(connection)
}

/** An image of what something that never ran begins as. */
export async function imageWith(walls: Walls, image: string, beginning: Beginning): Promise<string> {
  const docker = await walls.engine.docker.createContainer(containerOptions(walls, image))
  try {
    await unpack(docker, beginning)
    return await commit(docker)
  } finally {
    await removeContainer(docker)
  }
}

const unpack = async (docker: Docker.Container, { entries, owner }: Beginning): Promise<void> => {
  await docker.putArchive(Readable.from(archiveOf(entries, owner)), { path: '/' })
}

/** An image of a container as it stands; nothing may run in it. It has a name, so that nobody takes it for waste. */
export async function commit(docker: Docker.Container): Promise<string> {
  const tag = randomUUID()
  await docker.commit({ repo: KEPT, tag, pause: 'false' })
  return `${KEPT}:${tag}`
}

const KEPT = 'limi-kept'

export const removeContainer = (docker: Docker.Container): Promise<void> =>
  gone(() => docker.remove({ force: true, v: true }))

export const removeImage = (engine: Docker, image: string): Promise<void> =>
  gone(() => engine.getImage(image).remove({ force: true }))

const TRIES = 10
const AGAIN_MS = 100

/** An engine refuses while what is to go is just ending, or goes on another's order. */
async function gone(remove: () => Promise<unknown>): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      await remove()
      return
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 404) return
      if (tried === TRIES) throw error
    }
    await after(AGAIN_MS)
  }
}
