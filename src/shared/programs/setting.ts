import type { AgentContext, AgentLauncher, Headless } from '../agents/index.js'
import type { ProcessSpec, SandboxProcess } from '../sandboxes/index.js'

/** A program at work in a sandbox: how it is started there, and by what its calls are known. */
export interface ProgramSetting {
  /** As trajectories name it. */
  readonly name: string
  readonly launcher: AgentLauncher
  /** What it needs in a home of its own. */
  readonly home: Headless['home']
  /** Folders of the programs that it is started by. */
  readonly path: string
  readonly env: Readonly<Record<string, string>>
  readonly maxSeconds: number
  readonly context: AgentContext
  readonly spawn: (spec: ProcessSpec) => Promise<SandboxProcess>
}
