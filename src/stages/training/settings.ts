import { z } from 'zod'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'
import { noBaseUrl, type HostedTrainingOptions } from './hosted/index.js'
import { SlimeLayout, type SlimeOptions } from './slime/index.js'

/** What a user tells one engine, by name, as text: `--address`, `--engine-setting NAME=VALUE`. Kept with the run, so never a secret. */
export type Settings = Readonly<Record<string, string>>

type Env = Readonly<Record<string, string | undefined>>

const folder = z.string().startsWith('/', 'a folder from the root on')
const service = z
  .url({ protocol: /^https?$/ })
  .refine(hasNoSecret, 'a password, a query or a fragment in it would be written down')
/** Empty text would be the number 0. */
const number = z.string().trim().min(1, 'a number').transform(Number)
const count = number.pipe(z.number().int().positive())

/** A JSON document, for what has parts. */
const document = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'a JSON document' })
    return z.NEVER
  }
})

const SlimeSettings = z
  .strictObject({
    address: service,
    shared: folder,
    sharedHere: folder,
    base: folder,
    slimeDir: folder,
    megatronDir: folder,
    nodes: count,
    gpusPerNode: count,
    layout: document.pipe(SlimeLayout),
  })
  .partial()

/** slime's options; requests to a cluster behind a login carry RAY_JOB_HEADERS, as Ray's own client sends them. */
export function slimeOptions(settings: Settings, env: Env): Result<SlimeOptions> {
  const read = readSettings('slime', SlimeSettings, settings)
  if (!read.ok) return read
  const headers = headersIn(env['RAY_JOB_HEADERS'])
  if (headers === null) return failed(badHeaders)
  return done({ ...defined(read.value), headers })
}

const HostedSettings = z.strictObject({
  baseUrl: service,
  model: z.string().min(1),
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'the name of an environment variable')
    .optional(),
  learningRateMultiplier: number.pipe(z.number().positive()).optional(),
  price: number.pipe(z.number().nonnegative()).optional(),
})

/** A service's address and its name of the base model; its key is in the environment. */
export function hostedOptions(settings: Settings, env: Env): Result<HostedTrainingOptions> {
  if (settings['baseUrl'] === undefined) return failed(noBaseUrl)
  const read = readSettings('hosted', HostedSettings, settings)
  return read.ok ? done({ ...read.value, env }) : read
}

/** For engines that a recipe tells everything. */
export const noSettings = (engine: string, settings: Settings): Result<object> =>
  readSettings(engine, z.strictObject({}), settings)

function readSettings<Schema extends z.ZodType>(
  engine: string,
  schema: Schema,
  settings: Settings,
): Result<z.infer<Schema>> {
  const read = schema.safeParse(settings)
  if (read.success) return done(read.data)
  const [issue] = read.error.issues
  const named = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : (issue?.path.join('.') ?? '')
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  return failed({
    kind: 'input',
    code: 'engine.setting',
    message: `${engine}: ${named}: ${issue?.code === 'unrecognized_keys' ? 'it takes no such setting' : (issue?.message ?? 'invalid')}`,
    where: '--engine-setting, --address, --base',
    remedy: known.length === 0 ? `${engine} takes none: the recipe says everything` : `it takes ${known.join(', ')}`,
  })
}

const defined = <T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never

/** What cannot be read as an address is told as such, and no secret. */
function hasNoSecret(address: string): boolean {
  if (!URL.canParse(address)) return true
  const { username, password, search, hash } = new URL(address)
  return [username, password, search, hash].every((part) => part === '')
}

const Headers = z.record(z.string(), z.string())

/** Null where there are some and they cannot be read. */
function headersIn(text: string | undefined): Readonly<Record<string, string>> | null {
  if (text === undefined || text === '') return {}
  try {
    return Headers.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

const badHeaders: Failure = {
  kind: 'input',
  code: 'engine.setting',
  message: 'RAY_JOB_HEADERS is no JSON object of texts',
  where: 'RAY_JOB_HEADERS',
  remedy: 'correct it, or unset it where the cluster asks for no login',
}
