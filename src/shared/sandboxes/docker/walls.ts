import type Docker from 'dockerode'
import type { SandboxLimits } from '../sandbox.js'
import { FIRST_PROCESS } from './control.js'
import type { Engine } from './engine.js'
import { ownerLabel } from './leftovers.js'
import { BRIDGES, HOME, TOLD, type System } from './places.js'
import { ulimits } from './ulimits.js'

const TMP_BYTES = 256 << 20
const SHM_BYTES = 64 << 20

/** What file ownership needs, and ending processes; for images whose programs run as root. */
const CAPABILITIES_OF_ROOT = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'SETGID', 'SETUID']

export interface Walls {
  readonly engine: Engine
  readonly system: System
  readonly limits: SandboxLimits
  /** Folder of this machine in which sockets appear. */
  readonly bridges: string
  readonly readable: readonly string[]
  readonly tools: readonly string[]
  /** `host`: that of this machine. */
  readonly network: 'none' | 'host'
}

/**
 * A container: its first process is ours and may end others, the payload's processes get no capability that their user could gain. What is written
 * lies in the container's own layer, where the engine measures it, or in memory of limited size.
 */
export function containerOptions(walls: Walls, image: string): Docker.ContainerCreateOptions {
  const { engine, system, limits, bridges, readable, tools, network } = walls
  const capabilities = system.isRoot ? [...CAPABILITIES_OF_ROOT, 'KILL'] : ['KILL']
  return {
    Image: image,
    Entrypoint: [...FIRST_PROCESS],
    Cmd: [],
    User: '0:0',
    // The engine makes it where the image does not hold it.
    WorkingDir: system.workspace,
    Env: [...variables(system, tools)],
    ...(network === 'none' ? { Hostname: 'limi' } : {}),
    ...{ OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: false },
    Labels: ownerLabel(),
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      NetworkMode: network,
      CapDrop: ['ALL'],
      CapAdd: capabilities,
      SecurityOpt: ['no-new-privileges', ...engine.security],
      PidsLimit: limits.maxProcesses + 2,
      ...{ Memory: limits.maxMemoryBytes, MemorySwap: limits.maxMemoryBytes, ShmSize: SHM_BYTES },
      Ulimits: [...ulimits(limits)],
      Tmpfs: {
        // An image that was asked for may keep files there, and what is written there goes back with the rest.
        ...(system.isOwn ? { '/tmp': `rw,exec,nosuid,nodev,size=${TMP_BYTES},mode=1777` } : {}),
        [TOLD]: 'rw,noexec,nosuid,nodev,size=1m,mode=1777',
      },
      Mounts: [
        ...[...new Set([...tools, ...readable])].map((place) => readOnly(place, place)),
        readOnly(bridges, BRIDGES),
      ],
      LogConfig: { Type: 'none', Config: {} },
    },
  }
}

const readOnly = (source: string, target: string): Docker.MountSettings => ({
  ...{ Type: 'bind', Source: source, Target: target, ReadOnly: true },
})

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The `PATH` of all that runs inside. */
export const pathIn = ({ path = PATH }: System, tools: readonly string[]): string =>
  [...tools.map((folder) => `${folder}/bin`), path].join(':')

function* variables(system: System, tools: readonly string[]): Generator<string> {
  for (const [name, value] of Object.entries(system.env ?? {})) if (name !== 'PATH') yield `${name}=${value}`
  yield `PATH=${pathIn(system, tools)}`
  if (system.isOwn) yield* [`HOME=${HOME}`, 'USER=user', 'LANG=C.UTF-8']
}
