import { PassThrough, Readable, type Duplex, type Writable } from 'node:stream'
import type Docker from 'dockerode'
import type { ProcessEnd, SandboxLimits } from '../sandbox.js'
import type { Container } from './containers.js'
import { demux } from './demux.js'
import type { Left, Running } from './running.js'
import { MARK } from './scripts.js'

export interface RunSpec {
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Milliseconds. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Through which it tells where it ended. */
  readonly slot?: number
}

export interface RunEnd extends ProcessEnd {
  /** What came through its slot. */
  readonly folder: string | null
}

export interface Run {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  readonly ended: Promise<RunEnd>
  kill(): void
}

/** What a run needs of the box that it runs in. */
export interface Host {
  readonly container: Container
  readonly mark: string
  readonly user: string
  readonly limits: SandboxLimits
  enter(one: Running): void
  /** Says that it is over, and ends what it left. */
  leave(one: Running, slot: number | undefined): Promise<Left>
  /** Ends it; told again until it is over. */
  end(): Promise<void>
}

/** Starts a process in a container. */
export async function startRun(spec: RunSpec, host: Host): Promise<Run> {
  const { container, mark, user } = host
  let isOver = false
  let isEnded = false
  let limit: ProcessEnd['limit']
  let exec: Docker.Exec | undefined
  const kill = (): void => {
    if (isEnded) return
    isEnded = true
    void untilOver()
  }
  let streams: readonly Readable[] = []
  /** The engine tells no end before all was taken. */
  const dropUnread = (): void => {
    for (const stream of streams) if (stream.readableFlowing === null) stream.resume()
  }
  const wasEnded = (): boolean => isEnded
  const untilOver = async (): Promise<void> => {
    while (!isOver) {
      dropUnread()
      await host.end().catch(() => undefined)
    }
  }
  const one: Running = {
    mark,
    end: (met) => {
      limit ??= met
      kill()
    },
    async settle() {
      if ((await exec?.inspect())?.Running !== false || isOver) return
      dropUnread()
      await host.end()
    },
  }
  host.enter(one)
  const clock = clockOf(spec, kill)
  const over = (): void => {
    isOver = true
    clock.stop()
  }
  const endOf = async (begun: Docker.Exec | undefined): Promise<RunEnd> => {
    over()
    const exitCode = begun === undefined ? null : await exitCodeOf(begun)
    const { folder, metMemory } = await host.leave(one, spec.slot)
    const met = limit ?? (metMemory ? 'memory' : undefined)
    const told = met === undefined ? {} : { limit: met }
    return { exitCode: isEnded ? null : exitCode, timedOut: clock.isUp(), folder, ...told }
  }
  try {
    exec = await container.docker.exec({
      ...{ AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: false, User: user, WorkingDir: '/' },
      Cmd: [...spec.command],
      Env: Object.entries({ ...spec.env, [MARK]: mark }).map(([name, value]) => `${name}=${value}`),
    })
    const stream: Duplex = await exec.start({ hijack: true, stdin: true, Tty: false })
    stream.on('error', () => undefined)
    const { stdout, stderr, ended } = demux(stream)
    streams = [stdout, stderr]
    return { stdin: stream, stdout, stderr, kill, ended: ended.then(() => endOf(exec)) }
  } catch (error) {
    const end = await endOf(undefined)
    if (!wasEnded()) throw error
    // It was ended while it began.
    return {
      stdin: new PassThrough().resume(),
      stdout: Readable.from([]),
      stderr: Readable.from([]),
      kill,
      ended: Promise.resolve(end),
    }
  }
}

interface Clock {
  isUp(): boolean
  stop(): void
}

function clockOf({ timeoutMs, signal }: RunSpec, kill: () => void): Clock {
  let isUp = false
  const up = (): void => {
    isUp = true
    kill()
  }
  const timer = timeoutMs === undefined ? undefined : setTimeout(up, timeoutMs)
  signal?.addEventListener('abort', kill, { once: true })
  if (signal?.aborted === true) kill()
  return {
    isUp: () => isUp,
    stop: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', kill)
    },
  }
}

const TRIES = 20

/** An engine may say that a process is over a moment before it knows how it ended. */
async function exitCodeOf(exec: Docker.Exec): Promise<number | null> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const state = await exec.inspect().catch(() => null)
    if (state === null) return null
    if (!state.Running && state.ExitCode !== null) return state.ExitCode
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return null
}
