import path from 'node:path'
import { done, failed, Manifest, Selection, type Input, type Result } from '../../nouns/index.js'
import { digestOfValue, isId, readManifest, type Project } from '../../shared/project/index.js'
import { plural } from '../../shared/report/index.js'
import { readProof } from '../../stages/dataset/index.js'
import { gone, traceQuery, traceTrajectory, type Reason } from './origin.js'
import { exists, KINDS, placeOfKind, valueIn, type Kind } from './places.js'

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

function trace(project: Project, kind: Kind, id: string): Promise<Reason> {
  if (kind === 'query') return traceQuery(project.paths, id)
  if (kind === 'trajectory') return traceTrajectory(project.paths, id)
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
  return there ? trace(project, kind, id) : gone(kind, id)
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

/** The tree as indented lines. */
export function describeReason(reason: Reason, depth = 0): string {
  const line = `${'  '.repeat(depth)}${depth === 0 ? '' : '← '}${reason.kind} ${reason.id}: ${reason.says}`
  return [line, ...reason.from.map((inner) => describeReason(inner, depth + 1))].join('\n')
}
