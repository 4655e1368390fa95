import {
  done,
  failed,
  unwrap,
  DatasetManifest,
  type Chosen,
  type Result,
  type RunPlan,
  type Selection,
} from '../../nouns/index.js'
import { digestOfValue, placeOf, readManifest } from '../../shared/project/index.js'
import { plural } from '../../shared/report/index.js'
import {
  buildDataset,
  type GivenTemplate,
  type Note,
  type Overflow,
  type Policy,
  type Threads,
} from '../../stages/dataset/index.js'
import { among, checkChosen, chosenTrajectories, type FindMember } from './chosen.js'
import type { Pool } from '../trajectories/pool.js'
import { tokenizerOf } from '../models.js'
import { absent, asItLies, type Made, type Run } from '../run.js'
import type { ByArm } from '../stages.js'

/** Stage 4: each arm's selection, and what is held out of it, as token ids and labels for the base model, with the proof. */
export async function buildDatasets(
  run: Run,
  plan: RunPlan,
  selections: ByArm<Selection>,
  pool: Pool,
): Promise<Made<ByArm<DatasetManifest>>> {
  const made: Record<string, DatasetManifest> = {}
  let kept = true
  for (const [name, chosenBy] of wanted(plan)) {
    const selection = selections[chosenBy]
    if (selection === undefined) throw new Error(`dataset ${name}: no selection ${chosenBy}`)
    const request = { name, selection, find: among(pool.members), model: plan.training.base, ...plan.dataset }
    const built = unwrap(await buildInto(run, request))
    made[name] = built.value
    kept = kept && built.kept
  }
  return { value: made, kept }
}

/** Selections by the name of their dataset: an arm's own, or that of what is held out. */
function wanted({ training }: RunPlan): ReadonlyMap<string, string> {
  const heldOut = [training.heldOut, ...training.arms.map((arm) => arm.heldOut)].filter((name) => name !== undefined)
  return new Map([
    ...training.arms.map((arm) => [arm.name, arm.selection] as const),
    ...heldOut.map((name) => [name, name] as const),
  ])
}

export interface BuildPlan {
  readonly name: string
  readonly selection: Selection
  /** Where the chosen trajectories are found. */
  readonly find: FindMember
  readonly model: string
  /** Taken instead of the model's own. */
  readonly chatTemplate?: GivenTemplate
  readonly maxTokens: number
  readonly overflow?: Overflow
  /** What becomes of trajectories that make no sample for another reason than their length; left out where long ones are, if not given. */
  readonly unfit?: Policy
  readonly threads?: Threads
}

/** Builds one dataset, or keeps the one made of the same selection for the same tokenizer and template. */
export async function buildInto(run: Run, plan: BuildPlan): Promise<Result<Made<DatasetManifest>>> {
  if (asItLies(run, 'dataset')) return takeDataset(run, plan.name)
  const chosen = await chosenTrajectories(run, plan.selection, plan.find)
  if (!chosen.ok) return chosen
  const model = await tokenizerOf(run, plan.model)
  if (!model.ok) return model
  const folder = placeOf(run.project.paths.datasets, plan.name)
  if (!folder.ok) return folder
  const built = await buildDataset({
    name: plan.name,
    folder: folder.value,
    trajectories: chosen.value,
    selection: { name: plan.selection.name, digest: digestOfValue(plan.selection.chosen) },
    modelFolder: model.value.folder,
    modelName: plan.model,
    chatTemplate: plan.chatTemplate,
    maxTokens: plan.maxTokens,
    overflow: plan.overflow,
    unfit: plan.unfit ?? (plan.overflow === 'exclude' ? 'exclude' : 'error'),
    threads: plan.threads,
    notes: plan.selection.chosen.flatMap(noteOnCuts),
    signal: run.signal,
  })
  if (!built.ok) return built
  // What is kept was not read again: that it is still what was chosen has to be looked at.
  const current = built.value.kept ? await checkChosen(chosen.value) : done(undefined)
  if (!current.ok) return current
  sayNotes(run, built.value.notes)
  return done({ value: built.value.manifest, kept: built.value.kept })
}

/** A dataset as it lies. */
export async function takeDataset(run: Run, name: string): Promise<Result<Made<DatasetManifest>>> {
  const folder = placeOf(run.project.paths.datasets, name)
  if (!folder.ok) return folder
  const manifest = await readManifest(folder.value, DatasetManifest)
  if (manifest !== null) return done({ value: manifest, kept: true })
  return failed(asItLies(run, 'dataset') ? absent('dataset', `dataset ${name}`) : noDataset(name, folder.value))
}

const noDataset = (name: string, where: string) => ({
  kind: 'input' as const,
  code: 'dataset.absent',
  message: `there is no finished dataset ${name}`,
  where,
  remedy: '`limi status` shows what there is; `limi dataset build` makes one, or finishes one that was cut',
})

/** Messages that a review cut are told, for nothing in the dataset shows them. */
function noteOnCuts({ trajectory: sample, messages = [] }: Chosen): readonly Note[] {
  const cut = messages
    .filter(({ use }) => use === 'cut')
    .map(({ message, why }) => (why ? `${message} (${why})` : message))
  if (cut.length === 0) return []
  return [{ sample, code: 'cut-by-review', message: `messages are cut by its review: ${cut.join(', ')}` }]
}

/** One line a kind of note, with its first. */
function sayNotes(run: Run, notes: readonly Note[]): void {
  for (const code of new Set(notes.map((note) => note.code))) {
    const [first, ...others] = notes.filter((note) => note.code === code)
    const more = others.length === 0 ? '' : `; ${plural(others.length, 'more note')} of this kind in the manifest`
    if (first !== undefined) run.warn(`${first.sample}: ${first.message} (${code})${more}`)
  }
}
