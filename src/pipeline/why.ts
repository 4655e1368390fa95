import { access, open } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import { readFile } from 'node:fs/promises'
import { done, failed, Manifest, Query, Selection, TrajectoryHeader, type Input, type Result } from '../nouns/index.js'
import { digestOfValue, isId, readManifest, type Project, type ProjectPaths } from '../shared/project/index.js'
import { plural } from '../shared/report/index.js'
import { readProof } from '../stages/dataset/index.js'

export type Kind = 'evaluation' | 'checkpoint' | 'dataset' | 'selection' | 'trajectory' | 'query'

/** One thing and what it was made from, back to the person or the commit. */
export interface Reason {
  readonly kind: Kind | 'model' | 'source'
  readonly id: string
  /** What it is, in a line. */
  readonly says: string
  readonly from: readonly Reason[]
}

/** Downstream first: a bare id means the furthest thing that was made under it. */
const KINDS: readonly Kind[] = ['evaluation', 'checkpoint', 'dataset', 'selection', 'trajectory', 'query']
const SHOWN = 5

/** Walks from a thing back to where it came from. `kind:id` where several things share an id. */
export async function why(project: Project, name: string): Promise<Result<Reason>> {
  const { kind, id } = splitName(name)
  for (const candidate of kind === null ? KINDS : [kind]) {
    if (isId(id) && (await exists(placeOfKind(project.paths, candidate, id))))
      return done(await trace(project, candidate, id))
  }
  return failed({
    kind: 'input',
    code: 'why.unknown',
    message: `nothing in this project is called ${JSON.stringify(name)}`,
    where: project.root,
    remedy: `\`limi status\` shows what there is; ${KINDS.join(', ')}: write kind:id where several share an id`,
  })
}

function splitName(name: string): { kind: Kind | null; id: string } {
  const at = name.indexOf(':')
  const kind = KINDS.find((candidate) => candidate === name.slice(0, Math.max(at, 0))) ?? null
  return { kind, id: kind === null ? name : name.slice(at + 1) }
}

function placeOfKind(paths: ProjectPaths, kind: Kind, id: string): string {
  const places: Record<Kind, string> = {
    evaluation: path.join(paths.evaluations, id, 'manifest.json'),
    checkpoint: path.join(paths.training, id, 'manifest.json'),
    dataset: path.join(paths.datasets, id, 'manifest.json'),
    selection: path.join(paths.selections, `${id}.yaml`),
    trajectory: path.join(paths.trajectories, `${id}.jsonl`),
    query: path.join(paths.queries, `${id}.yaml`),
  }
  return places[kind]
}

function trace(project: Project, kind: Kind, id: string): Promise<Reason> {
  if (kind === 'query') return traceQuery(project, id)
  if (kind === 'trajectory') return traceTrajectory(project, id)
  if (kind === 'selection') return traceSelection(project, id)
  return traceManifest(project, kind, id)
}

async function traceManifest(project: Project, kind: Kind, id: string): Promise<Reason> {
  const manifest = await readManifest(path.dirname(placeOfKind(project.paths, kind, id)), Manifest)
  if (manifest === null) return { kind, id, says: 'its manifest cannot be read', from: [] }
  const from: Reason[] = []
  for (const [role, inputs] of Object.entries(manifest.made.inputs)) {
    const of = KINDS.find((candidate) => candidate === (role === 'heldOut' ? 'dataset' : role))
    // A dataset names its trajectories too; its selection leads to them.
    if (of === 'trajectory') continue
    for (const input of inputs) {
      if (of === undefined) from.push(asModel(role, input))
      else if (!(await isChanged(project, of, input))) from.push(await traceIfThere(project, of, input.id))
      else from.push(await changed(project, of, input, id))
    }
  }
  return { kind, id, says: `made ${manifest.created} by limi ${manifest.made.versions['limi'] ?? 'unknown'}`, from }
}

const asModel = (role: string, { id, digest }: Input): Reason => ({
  kind: 'model',
  id,
  says: `${role}, digest ${digest.slice(0, 12)}`,
  from: [],
})

/** Whether something else lies under the name now than what was taken. */
async function isChanged(project: Project, kind: Kind, { id, digest }: Input): Promise<boolean> {
  const file = placeOfKind(project.paths, kind, id)
  if (!(await exists(file)) || kind === 'trajectory' || kind === 'query') return false
  if (kind !== 'selection') return (await readManifest(path.dirname(file), Manifest))?.digest !== digest
  const selection = Selection.safeParse(await valueIn(file))
  return !selection.success || digestOfValue(selection.data.chosen) !== digest
}

/** What was taken is not there any more; where a selection changed, the proof of the dataset still names the trajectories that it held. */
async function changed(project: Project, kind: Kind, { id, digest }: Input, dataset: string): Promise<Reason> {
  const says = `digest ${digest.slice(0, 12)}; what lies there now is another one`
  if (kind !== 'selection') return { kind, id, says, from: [] }
  const proof = await readProof(path.join(project.paths.datasets, dataset))
  const held = proof.ok ? [...new Set(proof.value.samples.map((one) => one.trajectory))] : []
  const shown = held.slice(0, SHOWN).map((one) => traceIfThere(project, 'trajectory', one))
  const more = held.length > SHOWN ? `, the first ${SHOWN} shown` : ''
  const taught = `${plural(held.length, 'trajectory', 'trajectories')} of it taught${more}`
  return { kind, id, says: `${says}; ${taught}`, from: await Promise.all(shown) }
}

async function traceIfThere(project: Project, kind: Kind, id: string): Promise<Reason> {
  const there = await exists(placeOfKind(project.paths, kind, id))
  return there ? trace(project, kind, id) : { kind, id, says: 'no longer in this project', from: [] }
}

async function traceSelection(project: Project, id: string): Promise<Reason> {
  const selection = Selection.safeParse(await valueIn(placeOfKind(project.paths, 'selection', id)))
  if (!selection.success) return { kind: 'selection', id, says: 'its file cannot be read', from: [] }
  const { chosen, excluded } = selection.data
  const shown = await Promise.all(
    chosen.slice(0, SHOWN).map((one) => traceIfThere(project, 'trajectory', one.trajectory)),
  )
  const more = chosen.length > SHOWN ? `, the first ${SHOWN} shown` : ''
  return { kind: 'selection', id, says: `${chosen.length} chosen${more}, ${excluded.length} left out`, from: shown }
}

async function traceTrajectory(project: Project, id: string): Promise<Reason> {
  const header = TrajectoryHeader.safeParse(
    valueOf(await firstLine(placeOfKind(project.paths, 'trajectory', id)), JSON.parse),
  )
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
    from: query === undefined ? files : [...files, await traceIfThere(project, 'query', query.id)],
  }
}

async function traceQuery(project: Project, id: string): Promise<Reason> {
  const query = Query.safeParse(await valueIn(placeOfKind(project.paths, 'query', id)))
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

const valueIn = async (file: string): Promise<unknown> => valueOf(await readFile(file, 'utf8'), parse)

/** What a text holds; undefined, which no schema takes, where it is damaged. */
function valueOf(text: string, read: (text: string) => unknown): unknown {
  try {
    return read(text)
  } catch {
    return undefined
  }
}

async function firstLine(file: string): Promise<string> {
  const handle = await open(file)
  try {
    for await (const line of handle.readLines()) return line
    return ''
  } finally {
    await handle.close()
  }
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

/** The tree as indented lines. */
export function describeReason(reason: Reason, depth = 0): string {
  const line = `${'  '.repeat(depth)}${depth === 0 ? '' : '← '}${reason.kind} ${reason.id}: ${reason.says}`
  return [line, ...reason.from.map((inner) => describeReason(inner, depth + 1))].join('\n')
}
