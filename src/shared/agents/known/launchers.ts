import path from 'node:path'
import { claudeLauncher } from './claude/launch.js'
import { codexLauncher } from './codex/launch.js'
import { geminiLauncher } from './gemini/launch.js'
import type { AgentLauncher } from './launch.js'
import { miniSweAgentLauncher } from './mini-swe-agent/launch.js'
import { opencodeLauncher } from './opencode/launch.js'
import { otherLauncher } from './other/launch.js'
import { qwenLauncher } from './qwen/launch.js'

const LAUNCHERS: readonly AgentLauncher[] = [
  claudeLauncher,
  codexLauncher,
  geminiLauncher,
  qwenLauncher,
  opencodeLauncher,
  miniSweAgentLauncher,
  otherLauncher,
]

export const agentNames = (): readonly string[] => LAUNCHERS.map(({ name }) => name)

/** The known agent of this name; undefined where there is none. */
export const launcherNamed = (name: string): AgentLauncher | undefined =>
  LAUNCHERS.find((launcher) => launcher.name === name)

/** A known agent and the place of its program in a command, as 1 in `npx @openai/codex`; `other` where none is known. */
export function launcherOf(command: readonly string[]): { readonly launcher: AgentLauncher; readonly at: number } {
  for (const [at, word] of command.slice(0, RUNNER_WORDS).entries()) {
    const launcher = LAUNCHERS.find(({ programs }) => programs.includes(programIn(word)))
    if (launcher !== undefined) return { launcher, at }
  }
  return { launcher: otherLauncher, at: 0 }
}

/** `npx --yes PACKAGE`. */
const RUNNER_WORDS = 3

/** Of a path, a file or a package with its version: the bare name. */
const programIn = (word: string): string => path.basename(word).replace(/(?<=.)@.*$|\.(?:exe|cmd|js|mjs)$/g, '')
