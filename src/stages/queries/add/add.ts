import { z } from 'zod'
import { Check, done, failed, Query, type Failure, type Result, type Scoring } from '../../../nouns/index.js'
import { idFrom, readTextFolder } from '../../../shared/project/index.js'
import { readYaml } from '../store/index.js'

export interface NewQuery {
  readonly request: string
  /** Made from the request where not given. */
  readonly id?: string
  /** A folder whose text files the agent starts with. */
  readonly filesFrom?: string
  /** A YAML file: a list of checks, or `checks:` with one. */
  readonly checksFrom?: string
  readonly split?: 'train' | 'heldout'
  readonly tags?: Readonly<Record<string, string>>
  readonly author?: string
  readonly licence?: string
}

const Checks = z.union([z.array(Check).min(1), z.strictObject({ checks: z.array(Check).min(1) })])

/** A query in a person's own words. Without checks it is unscored, and says so. */
export async function addQuery(given: NewQuery): Promise<Result<Query>> {
  if (given.request.trim() === '') return failed(BLANK)
  const files =
    given.filesFrom === undefined
      ? done({})
      : await readTextFolder(given.filesFrom, (message, where) => failed(refused(message, where)))
  if (!files.ok) return files
  const scoring = await scoringFrom(given.checksFrom)
  if (!scoring.ok) return scoring
  const query = Query.safeParse({
    format: 'limi.query/1',
    id: given.id ?? idFrom(given.request),
    request: given.request,
    split: given.split,
    tags: given.tags,
    start: { files: files.value },
    scoring: scoring.value,
    source: { kind: 'person', ...(given.author === undefined ? {} : { name: given.author }) },
    ...(given.licence === undefined ? {} : { licence: given.licence }),
  })
  if (query.success) return done(query.data)
  const [issue] = query.error.issues
  return failed(refused(`${issue?.path.join('.') ?? 'query'}: ${issue?.message ?? 'invalid'}`))
}

async function scoringFrom(file: string | undefined): Promise<Result<Scoring>> {
  if (file === undefined) return done({ kind: 'none', why: 'no checks were given' })
  const read = await readYaml(file, Checks)
  if (!read.ok) return read
  return done({ kind: 'checks', checks: Array.isArray(read.value) ? read.value : read.value.checks })
}

const BLANK: Failure = {
  kind: 'input',
  code: 'query.refused',
  message: 'the request is blank',
  remedy: 'say in words what the agent is to do: limi queries add "Sort names.txt into sorted.txt"',
}

const refused = (message: string, where?: string): Failure => ({
  kind: 'input',
  code: 'query.refused',
  message,
  where,
  remedy: 'give a folder of small text files, or a repository and a commit in the query itself',
})
