import { z } from 'zod'
import { done, type Result } from '../../../nouns/index.js'
import { send, type Call, type Outcome, type Service } from './http.js'
import { repeat, type Patience } from './patience.js'

const Uploaded = z.looseObject({ id: z.string().min(1) })

/** OpenAI's `FineTuningJob` (API specification 2.3.0), as far as it is read. */
export const Job = z.looseObject({
  id: z.string().min(1),
  status: z.string(),
  fine_tuned_model: z.string().nullish(),
  training_file: z.string().nullish(),
  trained_tokens: z.number().nullish(),
  error: z.looseObject({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  /** Seconds since 1970. */
  created_at: z.number().nullish(),
  finished_at: z.number().nullish(),
  estimated_finish: z.number().nullish(),
})
export type Job = z.infer<typeof Job>

/** OpenAI's `FineTuningJobEvent`. Metrics stand in `data`, and with some services only in the message. */
export const JobEvent = z.looseObject({
  id: z.string(),
  level: z.string().default('info'),
  message: z.string().default(''),
  created_at: z.number().nullish(),
  data: z.record(z.string(), z.unknown()).nullish(),
})
export type JobEvent = z.infer<typeof JobEvent>

const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.looseObject({ data: z.array(item), has_more: z.boolean().nullish() })

const PAGE = 100

export interface Api {
  /** One JSON-lines file; gives its id. */
  upload(name: string, content: string, onAgain: (why: string) => void): Promise<Result<string>>
  /** Once: a second request might begin a second job. */
  create(body: string): Promise<Outcome<Job>>
  /** Newest first, one page. */
  someJobs(): Promise<Result<readonly Job[]>>
  jobs(): Promise<Result<readonly Job[]>>
  job(id: string): Promise<Result<Job>>
  cancel(id: string): Promise<Result<Job>>
  /** Newest first, until one that is known. */
  eventsSince(id: string, isKnown: (event: string) => boolean): Promise<Result<readonly JobEvent[]>>
}

/** OpenAI's endpoints for files and fine-tuning jobs. All but `create` are asked again when an answer is lost. */
export function apiOf(service: Service, patience: Patience): Api {
  const ask = <Schema extends z.ZodType>(call: Call, schema: Schema): Promise<Result<z.infer<Schema>>> =>
    repeat(() => send(service, call, schema), patience, service.signal)
  const get = <Schema extends z.ZodType>(route: string, schema: Schema) => ask({ method: 'GET', route }, schema)
  const at = (id: string): string => `/fine_tuning/jobs/${encodeURIComponent(id)}`
  return {
    upload: (name, content, onAgain) =>
      repeat(() => uploadOnce(service, name, content, onAgain), patience, service.signal).then((sent) =>
        sent.ok ? done(sent.value.id) : sent,
      ),
    create: (body) => send(service, { method: 'POST', route: '/fine_tuning/jobs', body }, Job),
    someJobs: async () => {
      const page = await get('/fine_tuning/jobs?limit=1', pageOf(Job))
      return page.ok ? done(page.value.data) : page
    },
    jobs: () => pages('/fine_tuning/jobs', Job, () => false, get),
    job: (id) => get(at(id), Job),
    cancel: (id) => ask({ method: 'POST', route: `${at(id)}/cancel` }, Job),
    eventsSince: (id, isKnown) => pages(`${at(id)}/events`, JobEvent, isKnown, get),
  }
}

async function uploadOnce(
  service: Service,
  name: string,
  content: string,
  onAgain: (why: string) => void,
): Promise<Outcome<z.infer<typeof Uploaded>>> {
  const body = new FormData()
  body.set('purpose', 'fine-tune')
  body.set('file', new Blob([content], { type: 'application/jsonl' }), name)
  const sent = await send(service, { method: 'POST', route: '/files', body, timeoutMs: service.uploadMs }, Uploaded)
  if (sent.kind === 'lost') onAgain(sent.failure.message)
  return sent
}

type Get = <Schema extends z.ZodType>(route: string, schema: Schema) => Promise<Result<z.infer<Schema>>>

/** Follows `after` from page to page; ends where the service repeats itself, as some do that know no pages. */
async function pages<Item extends z.ZodType<{ readonly id: string }>>(
  route: string,
  item: Item,
  isKnown: (id: string) => boolean,
  get: Get,
): Promise<Result<readonly z.infer<Item>[]>> {
  const all = new Map<string, z.infer<Item>>()
  for (let after: string | null = null; ;) {
    const query: string = after === null ? '' : `&after=${encodeURIComponent(after)}`
    const page: Result<{ readonly data: readonly z.infer<Item>[]; readonly has_more?: boolean | null }> = await get(
      `${route}?limit=${PAGE}${query}`,
      pageOf(item),
    )
    if (!page.ok) return page
    const fresh = page.value.data.filter(({ id }) => !all.has(id) && !isKnown(id))
    for (const one of fresh) all.set(one.id, one)
    const last = page.value.data.at(-1)
    if (page.value.has_more !== true || last === undefined || fresh.length < page.value.data.length) break
    after = last.id
  }
  return done([...all.values()])
}
