import type { Layout } from './models.js'

export interface SlimeOptions {
  /** Ray's dashboard, for example `http://head:8265`. */
  readonly address?: string
  /** A folder that every node of the cluster sees, by its path there: weights, checkpoints and results lie below it. */
  readonly shared?: string
  /** The same folder by its path on this machine; `shared` where absent. */
  readonly sharedHere?: string
  /** The base model's folder as the nodes see it; not needed where it lies below `sharedHere`. */
  readonly base?: string
  /** slime's checkout on the nodes; `/root/slime`, as in slime's image. */
  readonly slimeDir?: string
  /** Megatron-LM's checkout on the nodes; `/root/Megatron-LM`, as in slime's image. */
  readonly megatronDir?: string
  /** 8 by default, as in the paper's scripts. */
  readonly nodes?: number
  /** 8 by default. */
  readonly gpusPerNode?: number
  /** In place of the published layout for this model and number of GPUs. */
  readonly layout?: Layout
  /** Sent with every request to `address`, for clusters behind a login. Never written down. */
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds between two looks at the job; 5,000 by default. */
  readonly pollMs?: number
  /** How long the cluster may be out of reach before limi gives up watching; 10 minutes by default. */
  readonly patienceMs?: number
  /** How long a running job may print nothing before it is stopped as hung; 60 minutes by default. A warning comes after a quarter of it. */
  readonly stallMs?: number
}

/** Options with every default filled in. */
export interface Settings extends SlimeOptions {
  readonly slimeDir: string
  readonly megatronDir: string
  readonly nodes: number
  readonly gpusPerNode: number
  readonly pollMs: number
  readonly patienceMs: number
  readonly stallMs: number
}

const MINUTE = 60_000

export const settingsOf = (options: SlimeOptions): Settings => ({
  ...options,
  slimeDir: options.slimeDir ?? '/root/slime',
  megatronDir: options.megatronDir ?? '/root/Megatron-LM',
  nodes: options.nodes ?? 8,
  gpusPerNode: options.gpusPerNode ?? 8,
  pollMs: options.pollMs ?? 5_000,
  patienceMs: options.patienceMs ?? 10 * MINUTE,
  stallMs: options.stallMs ?? 60 * MINUTE,
})
