import { parse, TomlError } from 'smol-toml'
import { z } from 'zod'
import { textIn } from './plain.js'
import { because, firstAgainst, isWhy, type Why } from './why.js'

const Env = z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'no name of a variable'), z.string()).default({})
const User = z.union([z.string(), z.number()]).optional()
const network = {
  network_mode: z.enum(['no-network', 'public', 'allowlist']).optional(),
  allowed_hosts: z.array(z.string()).optional(),
}

const Environment = z.strictObject({
  ...network,
  build_timeout_sec: z.number().optional(),
  docker_image: z.string().optional(),
  os: z.string().default('linux'),
  cpus: z.number().optional(),
  memory_mb: z.number().positive().optional(),
  storage_mb: z.number().positive().optional(),
  memory: z.string().optional(),
  storage: z.string().optional(),
  gpus: z.number().optional(),
  gpu_types: z.array(z.string()).optional(),
  tpu: z.unknown().optional(),
  mcp_servers: z.array(z.unknown()).default([]),
  env: Env,
  skills_dir: z.string().optional(),
  healthcheck: z.unknown().optional(),
  workdir: z.string().optional(),
  allow_internet: z.boolean().optional(),
})

const Agent = z.strictObject({ ...network, timeout_sec: z.number().positive().optional(), user: User })

const Verifier = z.strictObject({
  ...network,
  timeout_sec: z.number().positive().default(600),
  env: Env,
  user: User,
  environment_mode: z.enum(['shared', 'separate']).optional(),
  environment: z.unknown().optional(),
  collect: z.array(z.unknown()).default([]),
})

/** `task.toml`, as `harbor.models.task.config` of Harbor 0.24 has it; a key that is not known might change what is measured. */
const TaskConfig = z.strictObject({
  version: z.string().optional(),
  schema_version: z.string().optional(),
  task: z.unknown().optional(),
  metadata: z.record(z.string(), z.unknown()).default({}),
  verifier: Verifier.prefault({}),
  agent: Agent.prefault({}),
  environment: Environment.prefault({}),
  solution: z.unknown().optional(),
  source: z.string().optional(),
  multi_step_reward_strategy: z.string().optional(),
  steps: z.array(z.unknown()).optional(),
  artifacts: z.unknown().optional(),
})
export type TaskConfig = z.infer<typeof TaskConfig>

/** What `task.toml` says, or what is wrong with it. */
export function readConfig(file: string): TaskConfig | Why {
  const read = textIn(file)
  if (isWhy(read)) return read
  try {
    const parsed = TaskConfig.safeParse(parse(read.text))
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    return because(`task.toml: ${[issue?.path.join('.'), issue?.message].filter((one) => one !== '').join(': ')}`)
  } catch (error) {
    if (error instanceof TomlError) return because(`task.toml:${error.line}: ${error.message.split('\n')[0] ?? ''}`)
    // Tables that are nested deeper than the stack goes.
    if (error instanceof RangeError) return because(`task.toml: ${error.message}`)
    throw error
  }
}

/** What a sandbox here cannot give, and would change what is measured. */
export function againstConfig({ environment, agent, verifier, steps }: TaskConfig): Why | null {
  const phases = [agent, verifier]
  const template = [environment.env, verifier.env].flatMap(Object.values<string>).find(isOfThisMachine)
  return firstAgainst([
    [steps !== undefined && steps.length > 0, 'it has several steps, each with files of its own'],
    [environment.os.toLowerCase() !== 'linux', `it runs on ${environment.os}`],
    [(environment.gpus ?? 0) > 0, 'it asks for a GPU'],
    [environment.tpu !== undefined, 'it asks for a TPU'],
    [
      [environment, ...phases].some(({ network_mode: mode }) => mode === 'allowlist'),
      'it asks for some hosts of the network, and a sandbox has none',
    ],
    [
      phases.some(({ network_mode: mode }) => mode === 'public'),
      'it asks for the network while the agent or its tests work, and a sandbox has none',
    ],
    [environment.mcp_servers.length > 0, 'it asks for MCP servers'],
    [environment.skills_dir !== undefined, 'it brings skills for the agent'],
    [environment.healthcheck !== undefined, 'it waits for a service that its image starts, and a sandbox starts none'],
    [!isRoot(agent.user), `its agent works as ${String(agent.user)}, not as root`],
    [!isRoot(verifier.user), `its tests run as ${String(verifier.user)}, not as root`],
    [
      verifier.environment_mode === 'separate' || verifier.environment !== undefined,
      'its tests run in a container of their own',
    ],
    [verifier.collect.length > 0, 'its services are asked for what they hold before its tests'],
    [template !== undefined, `it asks for a variable of this machine: ${template ?? ''}`],
  ])
}

/** Harbor puts a variable of the machine in place of such a value. */
const isOfThisMachine = (value: string): boolean => value.includes('${')

const isRoot = (user: string | number | undefined): boolean =>
  user === undefined || user === 0 || user === '0' || user === 'root'

/** In MiB; null where it cannot be read. Harbor's older `memory = "2G"` means the same as `memory_mb = 2048`. */
export function sizeIn(size: string | undefined): number | undefined | null {
  if (size === undefined) return undefined
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([GMK])$/i.exec(size.trim()) ?? []
  if (digits === undefined) return null
  const factor = { G: 1024, M: 1, K: 1 / 1024 }[unit?.toUpperCase() ?? ''] ?? 1
  return Math.trunc(Number(digits) * factor)
}
