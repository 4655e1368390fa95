import { z } from 'zod'
import { done, failed, type Result } from '../../../../nouns/index.js'
import { answeredBadly, noAddress, packageTooLarge, refused, unreachable } from './failures.js'
import { ask, textOf, type Answer } from './http.js'
import { readLogPart, type LogPart } from './log-text.js'

/** Ray's JobDetails, as far as it is read (Ray 2.60, dashboard/modules/job). */
const JobInfo = z.looseObject({
  status: z.enum(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED']),
  message: z.string().nullish(),
  error_type: z.string().nullish(),
  /** Milliseconds since 1970. */
  start_time: z.number().nullish(),
  end_time: z.number().nullish(),
  driver_exit_code: z.number().nullish(),
})
export type JobInfo = z.infer<typeof JobInfo>

const Version = z.looseObject({ ray_version: z.string() })
const Submitted = z.looseObject({ submission_id: z.string() })

export interface Submission {
  readonly id: string
  readonly entrypoint: string
  readonly runtimeEnvironment: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, string>>
}

/** Ray's job API over HTTP: https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html */
export interface RayClient {
  readonly address: string
  version(): Promise<Result<string>>
  /** Uploads a packed working directory, unless the cluster has it; gives its URI. */
  upload(name: string, bytes: Buffer): Promise<Result<string>>
  submit(submission: Submission): Promise<Result<void>>
  /** Null where the cluster does not know the job. */
  info(id: string): Promise<Result<JobInfo | null>>
  logs(id: string, from: number, isLast: boolean): Promise<Result<LogPart>>
  stop(id: string): Promise<Result<void>>
}

/** aiohttp's limit in Ray's dashboard for the body of a request. */
const PACKAGE_LIMIT = 100 * 1024 * 1024
const TIMEOUT_MS = 30_000
const UPLOAD_TIMEOUT_MS = 600_000

export function rayClient(
  given: string | undefined,
  headers: Readonly<Record<string, string>> = {},
): Result<RayClient> {
  const address = given?.replace(/\/+$/, '')
  if (address === undefined || !/^https?:\/\/\S+$/.test(address)) return failed(noAddress(given))
  const send = asker(address, headers)
  return done({
    address,
    version: async () => {
      const version = await json(await send('GET', '/api/version'), Version, address)
      return version.ok ? done(version.value.ray_version) : version
    },
    upload: (name, bytes) => upload(send, name, bytes),
    submit: async ({ id, entrypoint, runtimeEnvironment, metadata }) => {
      const body = JSON.stringify({ submission_id: id, entrypoint, runtime_env: runtimeEnvironment, metadata })
      const submitted = await json(await send('POST', '/api/jobs/', { body }), Submitted, address)
      return submitted.ok ? done(undefined) : submitted
    },
    info: async (id) => {
      const answer = await send('GET', `/api/jobs/${encodeURIComponent(id)}`)
      if (answer.ok && answer.value.status === 404) {
        answer.value.body.resume()
        return done(null)
      }
      return json(answer, JobInfo, address)
    },
    logs: (id, from, isLast) => logs(send, { id, from, isLast, address }),
    stop: async (id) => {
      const answer = await accepted(await send('POST', `/api/jobs/${encodeURIComponent(id)}/stop`), address)
      if (!answer.ok) return answer
      answer.value.body.resume()
      return done(undefined)
    },
  })
}

type Ask = (
  method: string,
  route: string,
  options?: { readonly body?: string | Buffer; readonly timeoutMs?: number },
) => Promise<Result<Answer>>

const asker =
  (address: string, given: Readonly<Record<string, string>>): Ask =>
  async (method, route, { body, timeoutMs = TIMEOUT_MS } = {}) => {
    const type: Record<string, string> = typeof body === 'string' ? { 'content-type': 'application/json' } : {}
    const length = body === undefined ? 0 : Buffer.byteLength(body)
    const headers = { ...type, 'content-length': String(length), ...given }
    try {
      return done(await ask(`${address}${route}`, { method, headers, body, timeoutMs }))
    } catch (error) {
      return failed(unreachable(address, error))
    }
  }

async function accepted(answer: Result<Answer>, address: string): Promise<Result<Answer>> {
  if (!answer.ok) return answer
  const { status } = answer.value
  if (status >= 200 && status < 300) return answer
  const text = (await textOf(answer.value).catch(() => '')).slice(0, 2_000)
  return failed(status === 401 || status === 403 ? refused(address, status) : answeredBadly(address, status, text))
}

async function json<T>(answer: Result<Answer>, schema: z.ZodType<T>, address: string): Promise<Result<T>> {
  const good = await accepted(answer, address)
  if (!good.ok) return good
  const { status } = good.value
  try {
    const parsed = schema.safeParse(JSON.parse(await textOf(good.value)))
    return parsed.success ? done(parsed.data) : failed(answeredBadly(address, status, parsed.error.message))
  } catch (error) {
    // An answer that is no JSON is a server's that is not Ray's; any other error is the connection's.
    const isText = error instanceof SyntaxError
    return failed(isText ? answeredBadly(address, status, error.message) : unreachable(address, error))
  }
}

async function upload(send: Ask, name: string, bytes: Buffer): Promise<Result<string>> {
  const where = 'the working directory'
  if (bytes.length > PACKAGE_LIMIT) return failed(packageTooLarge(bytes.length, PACKAGE_LIMIT))
  const route = `/api/packages/gcs/${name}`
  const there = await send('GET', route)
  if (!there.ok) return there
  there.value.body.resume()
  if (there.value.status === 200) return done(`gcs://${name}`)
  const put = await accepted(await send('PUT', route, { body: bytes, timeoutMs: UPLOAD_TIMEOUT_MS }), where)
  if (!put.ok) return put
  put.value.body.resume()
  return done(`gcs://${name}`)
}

interface LogQuestion {
  readonly id: string
  readonly from: number
  readonly isLast: boolean
  readonly address: string
}

async function logs(send: Ask, { id, from, isLast, address }: LogQuestion): Promise<Result<LogPart>> {
  const answer = await accepted(await send('GET', `/api/jobs/${encodeURIComponent(id)}/logs`), address)
  if (!answer.ok) return answer
  try {
    const part = await readLogPart(answer.value.body as AsyncIterable<Buffer>, from, isLast)
    if (part !== null) return done(part)
    return failed(
      answeredBadly(address, answer.value.status, 'no document {"logs": "…"}, or a shorter log than before'),
    )
  } catch (error) {
    return failed(unreachable(address, error))
  }
}
