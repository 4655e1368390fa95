import { done, failed, Query, type Failure, type Result } from '../../../nouns/index.js'
import { digestOfValue, placeOf, writeFileAtomic, idsIn } from '../../../shared/project/index.js'
import { toYaml } from '../../../shared/yaml/index.js'
import { readYaml } from './yaml.js'

const EXTENSION = '.yaml'

/** `queries/`: one query a file, `<id>.yaml`, to be read, edited and reviewed by people. */
export interface QueryStore {
  readonly folder: string
  /** Ids, sorted; empty where the folder does not exist. */
  list(): Promise<Result<string[]>>
  /** A file that does not parse or fit is `query.invalid`, with its line and field. */
  read(id: string): Promise<Result<Query>>
  /** Every query in order of id, and a failure for each that cannot be read. */
  readAll(): Promise<Result<AllQueries>>
  /** Writes atomically over whatever was there; gives the file's path. */
  write(query: Query): Promise<Result<string>>
}

export interface AllQueries {
  readonly queries: readonly Query[]
  readonly unreadable: readonly { readonly id: string; readonly failure: Failure }[]
}

export function queryStore(folder: string): QueryStore {
  return {
    folder,
    list: () => idsIn(folder, EXTENSION),
    read: (id) => readQuery(folder, id),
    readAll: () => readAll(folder),
    write: async (query) => {
      const file = placeOf(folder, query.id, EXTENSION)
      if (!file.ok) return file
      const written = await writeFileAtomic(file.value, toYaml(query))
      return written.ok ? done(file.value) : written
    },
  }
}

/** SHA-256 of the query's canonical JSON: the same for equal queries, however their files are laid out. */
export const digestOfQuery = (query: Query): string => digestOfValue(query)

async function readQuery(folder: string, id: string): Promise<Result<Query>> {
  const file = placeOf(folder, id, EXTENSION)
  if (!file.ok) return file
  const query = await readYaml(file.value, Query)
  if (!query.ok || query.value.id === id) return query
  return failed({
    kind: 'input',
    code: 'query.invalid',
    message: `id: the file is named ${id}, its id is ${JSON.stringify(query.value.id)}`,
    where: `${file.value}:1`,
    remedy: 'rename the file, or correct its id',
  })
}

async function readAll(folder: string): Promise<Result<AllQueries>> {
  const ids = await idsIn(folder, EXTENSION)
  if (!ids.ok) return ids
  const queries: Query[] = []
  const unreadable: { id: string; failure: Failure }[] = []
  for (const id of ids.value) {
    const one = await readQuery(folder, id)
    if (one.ok) queries.push(one.value)
    else unreadable.push({ id, failure: one.failure })
  }
  return done({ queries, unreadable })
}
