import { randomUUID } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import {
  begin,
  commit,
  openContainer,
  removeContainer,
  removeImage,
  type Beginning,
  type Container,
} from './containers.js'
import type { Answer } from './control.js'
import { startRun, type Run, type RunSpec } from './run.js'
import type { Left, Running } from './running.js'
import { END_MARKED, scriptCommand } from './scripts.js'
import { watch } from './watch.js'
import type { Walls } from './walls.js'

export type Network = Walls['network']

/** A container that may be exchanged for another one with the same files, and all that runs in it. */
export interface Box {
  readonly walls: Walls
  readonly isBusy: boolean
  run(spec: RunSpec): Promise<Run>
  /** An image of the files as they stand; removed with the box. Nothing may run. */
  keep(): Promise<string>
  /** Goes on in a container that begins as an image. */
  goOn(image: string, network: Network): Promise<void>
  remove(): Promise<void>
}

/** Makes a box; with it ends all that runs in it. */
export async function openBox(walls: Walls, image: string, network: Network, beginning?: Beginning): Promise<Box> {
  let container: Container = await openContainer({ ...walls, network }, image, beginning)
  /** While all is ended nothing begins. */
  let ending: Promise<unknown> | undefined
  const running = new Set<Running>()
  const images: string[] = []
  let isWatched = false
  let killed = 0

  /** Whether the kernel ended something since this was last asked. */
  const metMemory = (answer: Answer | null): boolean => {
    const more = (answer?.killed ?? 0) > killed
    killed = Math.max(killed, answer?.killed ?? 0)
    return more
  }
  const exchange = (next: Container): void => {
    container = next
    killed = 0
  }
  const reviveIfGone = async (answer: Answer | null): Promise<Answer | null> => {
    if (answer !== null) return answer
    await container.docker.kill().catch(() => undefined)
    exchange({ docker: container.docker, control: await begin(container.docker) })
    return null
  }
  const endAll = (slot?: number): Promise<Answer | null> => {
    const work = container.control.endAll(slot).then(reviveIfGone)
    const held = work.finally(() => {
      if (ending === held) ending = undefined
    })
    ending = held
    return held
  }
  const endMarked = async (mark: string): Promise<void> => {
    // It may be ended itself, where all is ended meanwhile.
    const exec = await container.docker.exec({ Cmd: [...scriptCommand(END_MARKED, [mark])], User: walls.system.user })
    await exec.start({ Detach: true })
  }
  const begun = async (): Promise<void> => {
    if (isWatched) return
    isWatched = true
    await watch({ container: () => container, metMemory, running, limits: walls.limits }).finally(
      () => (isWatched = false),
    )
  }
  return {
    walls,
    get isBusy() {
      return running.size > 0
    },
    async run(spec) {
      while (ending !== undefined) await ending.catch(() => undefined)
      const mark = randomUUID()
      const host = {
        container,
        mark,
        user: walls.system.user,
        limits: walls.limits,
        enter: (one: Running) => {
          running.add(one)
          void begun()
        },
        /** What it left is ended: all where nothing else runs, what carries its mark else. */
        leave: async (one: Running, slot: number | undefined): Promise<Left> => {
          running.delete(one)
          if (running.size > 0) await endMarked(mark).catch(() => undefined)
          const answer = await (running.size > 0 ? container.control.look(slot) : endAll(slot))
          return { folder: answer?.folder ?? null, metMemory: metMemory(answer) }
        },
        end: async (): Promise<void> => {
          await (running.size === 1 ? endAll() : endMarked(mark))
          await after(AGAIN_MS)
        },
      }
      return startRun(spec, host)
    },
    async keep() {
      const image = await commit(container.docker)
      images.push(image)
      return image
    },
    async goOn(next, mode) {
      await removeContainer(container.docker)
      container.control.close()
      exchange(await openContainer({ ...walls, network: mode }, next))
    },
    async remove() {
      for (const one of running) one.end()
      await removeContainer(container.docker)
      container.control.close()
      for (const one of images.reverse()) await removeImage(walls.engine.docker, one)
    },
  }
}

/** A process that was about to begin is met by the next try. */
const AGAIN_MS = 100
