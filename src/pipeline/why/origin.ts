import { Query, TrajectoryHeader } from '../../nouns/index.js'
import type { ProjectPaths } from '../../shared/project/index.js'
import { exists, firstLine, placeOfKind, valueIn, valueOf, type Kind } from './places.js'

/** One thing and what it was made from, back to the person or the commit. */
export interface Reason {
  readonly kind: Kind | 'model' | 'source'
  readonly id: string
  /** What it is, in a line. */
  readonly says: string
  readonly from: readonly Reason[]
}

/** What is no longer where it was taken from. */
export const gone = (kind: Kind, id: string): Reason => ({ kind, id, says: 'no longer in this project', from: [] })

/** A recorded run, the files that it was imported from, and what was asked. */
export async function traceTrajectory(paths: ProjectPaths, id: string): Promise<Reason> {
  const header = TrajectoryHeader.safeParse(valueOf(await firstLine(placeOfKind(paths, 'trajectory', id)), JSON.parse))
  if (!header.success) return { kind: 'trajectory', id, says: 'its header cannot be read', from: [] }
  const { source, query } = header.data
  const says = `${source.kind}: agent ${source.agent}, model ${source.model}`
  const files = (source.files ?? []).map((file): Reason => ({
    kind: 'source',
    id: file.path,
    says: `imported, digest ${file.digest.slice(0, 12)}`,
    from: [],
  }))
  return {
    kind: 'trajectory',
    id,
    says,
    from: query === undefined ? files : [...files, await asked(paths, query.id)],
  }
}

const asked = async (paths: ProjectPaths, id: string): Promise<Reason> =>
  (await exists(placeOfKind(paths, 'query', id))) ? traceQuery(paths, id) : gone('query', id)

/** What was asked, and who or what it comes from. */
export async function traceQuery(paths: ProjectPaths, id: string): Promise<Reason> {
  const query = Query.safeParse(await valueIn(placeOfKind(paths, 'query', id)))
  if (!query.success) return { kind: 'query', id, says: 'its file cannot be read', from: [] }
  return { kind: 'query', id, says: JSON.stringify(query.data.request.slice(0, 80)), from: [sourceOf(query.data)] }
}

function sourceOf(query: Query): Reason {
  const { source } = query
  if (source.kind === 'mined')
    return {
      kind: 'source',
      id: source.head,
      says: `a commit of ${source.repository}${source.author === undefined ? '' : ` by ${source.author}`}`,
      from: [],
    }
  if (source.kind === 'person')
    return { kind: 'source', id: source.name ?? 'a person', says: 'written by a person', from: [] }
  if (source.kind === 'benchmark')
    return {
      kind: 'source',
      id: source.benchmark,
      says: `generated with ${JSON.stringify(source.parameters)}`,
      from: [],
    }
  return { kind: 'source', id: source.from, says: 'imported', from: [] }
}
