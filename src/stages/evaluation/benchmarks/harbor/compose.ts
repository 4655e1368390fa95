import { existsSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { readYaml } from '../../../../shared/yaml/index.js'
import { againstFile } from './plain.js'
import { because, firstAgainst, type Why } from './why.js'

const Compose = z.looseObject({ services: z.record(z.string(), z.looseObject({}).nullable()) })
const KIND = { schema: Compose, code: 'benchmark.invalid', remedy: 'correct the file' }

/** What a compose file says of its one container, as far as a sandbox can give it. */
export interface Composed {
  readonly workdir?: string
  readonly env: Readonly<Record<string, string>>
}

/** `docker-compose.yaml` of a task, or why a sandbox is not what it describes; nothing where there is none. */
export async function composedBy(folder: string, service: string): Promise<Composed | Why> {
  const file = path.join(folder, 'docker-compose.yaml')
  if (!existsSync(file)) return { env: {} }
  const linked = againstFile(file)
  if (linked !== null) return linked
  const read = await readYaml(file, KIND)
  if (!read.ok) return because(`docker-compose.yaml: ${read.failure.message}`)
  const { services, ...others } = read.value
  const names = Object.keys(services)
  const own = services[service] ?? {}
  const against =
    firstAgainst([
      [names.length > 1, `it needs ${names.length} containers: ${names.join(', ')}`],
      [names[0] !== service, `docker-compose.yaml has no service ${service}`],
      ...Object.keys(others)
        .filter((key) => key !== 'version' && key !== 'name')
        .map((key) => [true, `docker-compose.yaml: limi cannot give ${key}`] as const),
    ]) ?? firstAgainst(Object.entries(own).map(([key, value]) => [!isGiven(key, value), unmet(key, value)] as const))
  if (against !== null) return against
  const workdir = own['working_dir']
  const env = variablesIn(own['environment']) ?? {}
  return typeof workdir === 'string' ? { workdir, env } : { env }
}

const unmet = (key: string, value: unknown): string =>
  `docker-compose.yaml: a sandbox does not give ${key}: ${JSON.stringify(value).slice(0, 120)}`

/** Whether a sandbox gives what a key of the service asks for. */
function isGiven(key: string, value: unknown): boolean {
  switch (key) {
    case 'image':
    case 'container_name':
    case 'tty':
    case 'stdin_open':
    case 'working_dir':
    case 'pull_policy':
      return true
    case 'build':
      return isPlainBuild(value)
    case 'command':
      return /^(sleep infinity|tail -f \/dev\/null|(\/bin\/)?(ba)?sh( -c sleep infinity)?)$/.test(
        [value].flat().join(' '),
      )
    case 'environment':
      return variablesIn(value) !== null
    case 'volumes':
      return [value].flat().every((one) => typeof one === 'string' && LOGS.test(one))
    case 'deploy':
      return /^\{"resources":\{"limits":\{"cpus":"?[\d.]+"?\}\}\}$/.test(JSON.stringify(value))
    default:
      return false
  }
}

/** `NAME=value`, or by name; null where one is taken from the machine, but for where tests lie, which is known. */
function variablesIn(value: unknown): Readonly<Record<string, string>> | null {
  if (value === undefined || value === null) return {}
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((one) => (/^([^=]+)=([^]*)$/.exec(String(one))?.slice(1) as [string, string] | undefined) ?? ['', null])
    : Object.entries(value)
  const known = entries.map(([name, one]) => [name, one === '${T_BENCH_TEST_DIR}' ? '/tests' : one] as const)
  const isGood = known.every(
    ([name, one]) =>
      /^[A-Za-z_]\w*$/.test(name) && ['string', 'number', 'boolean'].includes(typeof one) && !String(one).includes('$'),
  )
  return isGood ? Object.fromEntries(known.map(([name, one]) => [name, String(one)])) : null
}

const LOGS = /^\$\{T_BENCH_TASK_(AGENT_)?LOGS_PATH\}:\$\{T_BENCH_CONTAINER_(AGENT_)?LOGS_PATH\}$/

function isPlainBuild(value: unknown): boolean {
  if (typeof value === 'string') return isHere(value)
  if (value === null || typeof value !== 'object') return false
  const { context = '.', dockerfile = 'Dockerfile', ...others } = value as Record<string, unknown>
  return isHere(context) && dockerfile === 'Dockerfile' && Object.keys(others).length === 0
}

const isHere = (context: unknown): boolean => context === '.' || context === './' || context === '${CONTEXT_DIR}'
