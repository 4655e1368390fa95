import path from 'node:path'
import { asText, collect } from '../collected.js'
import type { ExecOptions, ExecResult, SandboxLimits } from '../sandbox.js'
import type { Box } from './box.js'
import { shellCommand } from './scripts.js'

export interface Ran extends ExecResult {
  /** Where the command ended; null where it did not say. */
  readonly folder: string | null
}

const WORDS = { memory: 'the processes held more memory than', workspace: 'the workspace holds more than' } as const

const slots = new WeakMap<Box, Set<number>>()

/** A command of a shell, from a folder on. */
export async function runShell(
  box: Box,
  command: string,
  folder: string,
  { timeoutMs, signal }: ExecOptions,
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const { limits, system } = box.walls
  const taken = slots.get(box) ?? new Set<number>()
  slots.set(box, taken)
  const slot = freeIn(taken)
  taken.add(slot)
  try {
    const run = await box.run({
      command: shellCommand(command, { folder, workspace: system.workspace, slot }),
      ...{ env, signal, slot, timeoutMs: Math.max(1, Math.ceil(timeoutMs ?? limits.timeoutMs)) },
    })
    run.stdin.end()
    const most = limits.maxOutputBytes
    const [stdout, stderr, end] = await Promise.all([collect(run.stdout, most), collect(run.stderr, most), run.ended])
    const [out, err] = [asText(stdout), asText(stderr)]
    const met = end.limit === undefined ? '' : wordsOf(end.limit, limits)
    return {
      ...{ stdout: out.text, stderr: err.text + met, timedOut: end.timedOut, truncatedBytes: out.left + err.left },
      exitCode: end.timedOut ? 124 : (end.exitCode ?? 137),
      folder: end.folder !== null && path.posix.isAbsolute(end.folder) ? end.folder : null,
    }
  } finally {
    taken.delete(slot)
  }
}

function freeIn(taken: ReadonlySet<number>): number {
  let slot = 1
  while (taken.has(slot)) slot += 1
  return slot
}

function wordsOf(limit: keyof typeof WORDS, { maxMemoryBytes, maxWorkspaceBytes }: SandboxLimits): string {
  return `limi: ${WORDS[limit]} ${limit === 'memory' ? maxMemoryBytes : maxWorkspaceBytes} bytes: stopped\n`
}
