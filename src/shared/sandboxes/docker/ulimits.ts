import { readFileSync } from 'node:fs'
import type { SandboxLimits } from '../sandbox.js'

const MOST_FILES = 65_536
const FILES = 1024

export interface Ulimit {
  readonly Name: string
  readonly Soft: number
  readonly Hard: number
}

/**
 * Named, because an engine's own may be beyond what this machine grants. The kernel counts the processes of a user over all sandboxes, so that limit
 * is no wall here: the group's is.
 */
export function ulimits({ maxWorkspaceBytes }: SandboxLimits): readonly Ulimit[] {
  const files = Math.min(grantedHere('Max open files') ?? FILES, MOST_FILES)
  const processes = grantedHere('Max processes')
  return [
    { Name: 'core', Soft: 0, Hard: 0 },
    { Name: 'fsize', Soft: maxWorkspaceBytes, Hard: maxWorkspaceBytes },
    { Name: 'nofile', Soft: Math.min(files, FILES), Hard: files },
    ...(processes === null ? [] : [both('nproc', Math.min(processes, mostPids()))]),
  ]
}

const both = (name: string, value: number): Ulimit => ({ Name: name, Soft: value, Hard: value })

/** This process's own hard limit (proc(5), `limits`); null where there is none or it cannot be told. */
function grantedHere(name: string): number | null {
  const line = textOf('/proc/self/limits')
    .split('\n')
    .find((one) => one.startsWith(name))
  const [, hard = ''] = line?.slice(name.length).trim().split(/\s+/) ?? []
  return /^\d+$/.test(hard) ? Number(hard) : null
}

/** Podman grants itself no more processes than the kernel has numbers for. */
const mostPids = (): number => Number(textOf('/proc/sys/kernel/pid_max').trim() || Infinity)

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
