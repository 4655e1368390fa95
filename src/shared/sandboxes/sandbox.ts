import type { Readable, Writable } from 'node:stream'
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

export interface SetUpOptions extends ExecOptions {
  /** Variables for this command besides the sandbox's own. */
  readonly env?: Readonly<Record<string, string>>
}

export type Change = 'added' | 'changed' | 'removed'

/** A program in the workspace; no shell reads its words. */
export interface ProcessSpec {
  readonly command: readonly [string, ...string[]]
  readonly env?: Readonly<Record<string, string>>
  /** Folder to run in, relative to the workspace. */
  readonly cwd?: string
  /** Milliseconds; none where not given. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** The one port of this machine's loopback that it reaches, at the same address inside. */
  readonly port?: number
}

export interface ProcessEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null
  readonly timedOut: boolean
  /** Which of the sandbox's limits it met, where one ended it. */
  readonly limit?: 'memory' | 'workspace'
}

/** A program at work. When it ends, all that it started ends with it. */
export interface SandboxProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  readonly ended: Promise<ProcessEnd>
  kill(): void
}

/** All files at one moment; only meaningful to the sandbox that made it. */
export interface Snapshot {
  readonly id: string
}

/** Where an agent acts: a workspace and a shell. Paths are relative to the workspace; one that leaves it is refused. */
export interface Sandbox {
  readonly capabilities: { readonly realProcesses: boolean; readonly network: boolean }
  /** The `PATH` of its commands, where it is not the system's own. */
  readonly path?: string
  exec(command: string, options?: ExecOptions): Promise<ExecResult>
  /** Absent where there are no real processes. */
  spawn?(process: ProcessSpec): Promise<SandboxProcess>
  /**
   * A command with this machine's network, to install what the workspace needs: before anything else runs in it, else it is refused
   * (`sandbox.set-up-late`). Absent where there is no network to give.
   */
  setUp?(command: string, options?: SetUpOptions): Promise<ExecResult>
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
  /** Bytes of the workspace: of all files where it lies in memory, of what was written where it lies on disk. */
  readonly maxWorkspaceBytes: number
  /** Bytes of memory that all processes hold together, where there are any. */
  readonly maxMemoryBytes: number
  /** Processes and threads at the same time, where there are any. */
  readonly maxProcesses: number
}

/** The system that a workspace lies in, for providers that run containers. */
export type SandboxImage = ImageSource & {
  /** Variables of all that runs in it, besides its own. */
  readonly env?: Readonly<Record<string, string>>
}

type ImageSource =
  /** One that the engine has, or pulls. */
  | { readonly kind: 'name'; readonly name: string }
  /** Built by the engine: an absolute folder with its `Dockerfile`. */
  | { readonly kind: 'build'; readonly folder: string }

export interface SandboxSpec {
  /** Files by relative path. */
  readonly files: Readonly<Record<string, string>>
  /** A folder of this machine, by its absolute path, that the workspace begins as; it is never written to, and must not change meanwhile. */
  readonly base?: string
  /** Folders and files of this machine, by their absolute paths, that can be read inside at the same place: programs that are not the system's. */
  readonly readable?: readonly string[]
  /** Folders of this machine, by their absolute paths, readable inside at the same place; the `bin` of each, where there is one, comes first on the `PATH`. */
  readonly tools?: readonly string[]
  /** Its working folder is the workspace, with what it holds. A provider without images refuses it: `sandbox.no-image`. */
  readonly image?: SandboxImage
  readonly limits?: Partial<SandboxLimits>
}

export interface SandboxProvider {
  readonly name: string
  /** What is missing for it to work here, as far as can be told at once: it is asked before every run. */
  probe(): Promise<{ readonly ready: true } | { readonly ready: false; readonly missing: Failure }>
  create(spec: SandboxSpec): Promise<Result<Sandbox>>
}
