import { z } from 'zod'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'
import { noBaseUrl, type HostedTrainingOptions } from './hosted/index.js'
import { SlimeLayout, type SlimeOptions } from './slime/index.js'

/** What a user tells one engine, by name, as text: `--address`, `--engine-setting NAME=VALUE`. Kept with the run, so never a secret. */
export type Settings = Readonly<Record<string, string>>

type Env = Readonly<Record<string, string | undefined>>

const folder = z.string().startsWith('/', 'it is to be a folder, from the root on')
const service = z
  .url({ protocol: /^https?$/, error: 'it is to be an address, as http://host:8265' })
  .refine(hasNoSecret, 'a password, a query or a fragment in it would be written down')
const A_COUNT = 'it is to be a whole number above 0'
const count = numberOf(A_COUNT).pipe(z.number(A_COUNT).int(A_COUNT).positive(A_COUNT))

const A_RATE = 'it is to be a number above 0'
const A_PRICE = 'it is to be a number, 0 or more'
const NO_TEXT = 'it is needed, and not given'

/** Empty text would be the number 0. */
function numberOf(words: string) {
  return z.string().trim().min(1, words).transform(Number)
}

const A_LAYOUT = 'a JSON document is needed, with tensor, pipeline, context, expert, tokens and offload'

/** A JSON document, for what has parts. */
const document = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: A_LAYOUT })
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
    layout: document.pipe(z.looseObject({}, A_LAYOUT)).pipe(SlimeLayout),
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
  model: z.string(NO_TEXT).min(1, NO_TEXT),
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'it is to be the name of an environment variable')
    .optional(),
  learningRateMultiplier: numberOf(A_RATE).pipe(z.number(A_RATE).positive(A_RATE)).optional(),
  price: numberOf(A_PRICE).pipe(z.number(A_PRICE).nonnegative(A_PRICE)).optional(),
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
  const place = issue?.path ?? []
  const named = (issue?.code === 'unrecognized_keys' ? issue.keys : [''])
    .map((key) => nameOf([...place, key]))
    .join(', ')
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  return failed({
    kind: 'input',
    code: 'engine.setting',
    message: `${engine}: ${named}: ${issue?.code === 'unrecognized_keys' ? 'it takes no such setting' : (issue?.message ?? 'invalid')}`,
    where: '--engine-setting, --address, --base',
    remedy: known.length === 0 ? `${engine} takes none: the recipe says everything` : `it takes ${known.join(', ')}`,
  })
}

const nameOf = (path: readonly PropertyKey[]): string => path.filter((part) => part !== '').join('.')

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
