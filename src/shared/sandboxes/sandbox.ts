import type { Failure, Result } from '../../nouns/index.js'

export interface ExecResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
  readonly timedOut: boolean
  /** Bytes left out beyond the output limit; 0 where all is there. */
  readonly truncatedBytes: number
}

export interface ExecOptions {
  /** Milliseconds; the sandbox's own limit where not given. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Folder to run in, relative to the workspace; where not given, the one that the last such command ended in. */
  readonly cwd?: string
}

export type Change = 'added' | 'changed' | 'removed'

/** All files at one moment; only meaningful to the sandbox that made it. */
export interface Snapshot {
  readonly id: string
}

/** Where an agent acts: a workspace and a shell. Paths are relative to the workspace; one that leaves it is refused. */
export interface Sandbox {
  readonly capabilities: { readonly realProcesses: boolean; readonly network: boolean }
  exec(command: string, options?: ExecOptions): Promise<ExecResult>
  /** The next command without a `cwd` starts in this folder. */
  enter(path: string): Promise<void>
  /** Paths of all files and links of the workspace, in order. */
  files(): Promise<readonly string[]>
  /** Null where there is no such file. */
  read(path: string): Promise<Uint8Array | null>
  write(path: string, content: Uint8Array | string): Promise<void>
  snapshot(): Promise<Snapshot>
  restore(snapshot: Snapshot): Promise<void>
  diff(since: Snapshot): Promise<Readonly<Record<string, Change>>>
  dispose(): Promise<void>
}

export interface SandboxLimits {
  /** Milliseconds a command. */
  readonly timeoutMs: number
  /** Bytes of stdout and stderr kept, each. */
  readonly maxOutputBytes: number
  /** Bytes of the whole workspace. */
  readonly maxWorkspaceBytes: number
}

export interface SandboxSpec {
  /** Files by relative path. */
  readonly files: Readonly<Record<string, string>>
  readonly network: 'none' | 'gateway' | 'setup'
  readonly limits?: Partial<SandboxLimits>
}

export interface SandboxProvider {
  readonly name: string
  /** What is missing for it to work here, as far as can be told at once: it is asked before every run. */
  probe(): Promise<{ readonly ready: true } | { readonly ready: false; readonly missing: Failure }>
  create(spec: SandboxSpec): Promise<Result<Sandbox>>
}
