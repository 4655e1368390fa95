import path from 'node:path'
import {
  Checkpoint,
  DatasetManifest,
  type Query,
  type SharedTask,
  type TaughtOverlap,
  type Trajectory,
} from '../../nouns/index.js'
import { digestOfValue, placeOf, readManifest } from '../../shared/project/index.js'
import { plural } from '../../shared/report/index.js'
import { leaksOf } from '../../stages/curation/index.js'
import { readProof } from '../../stages/dataset/index.js'
import { subtasksOf, type BenchmarkTask } from '../../stages/evaluation/index.js'
import { inStore } from '../dataset/chosen.js'
import { refOf } from '../models.js'
import { queriesOf } from '../queries/project.js'
import type { Run } from '../run.js'

const CHECKPOINT = 'checkpoint:'

interface Lineage {
  readonly checkpoints: readonly string[]
  readonly datasets: readonly Checkpoint['dataset'][]
  readonly unknown: readonly string[]
}

/** What a checkpoint, and those that it was trained from, were taught. */
async function lineageOf(run: Run, id: string): Promise<Lineage> {
  const checkpoints: string[] = []
  const datasets: Checkpoint['dataset'][] = []
  for (let next: string | null = id; next !== null && !checkpoints.includes(next);) {
    checkpoints.push(next)
    const folder = placeOf(run.project.paths.training, next)
    const checkpoint = folder.ok ? await readManifest(folder.value, Checkpoint) : null
    if (checkpoint === null) return { checkpoints, datasets, unknown: [`checkpoint ${next} has no manifest here`] }
    datasets.push(checkpoint.dataset)
    const base = refOf(run, checkpoint.base.name)
    next = base.startsWith(CHECKPOINT) ? base.slice(CHECKPOINT.length) : null
  }
  return { checkpoints, datasets, unknown: [] }
}

/** How many tasks of a benchmark share a prompt, or else a workspace, with what a checkpoint was taught. */
export async function taughtOverlap(run: Run, id: string, tasks: readonly BenchmarkTask[]): Promise<TaughtOverlap> {
  const { checkpoints, datasets, unknown } = await lineageOf(run, id)
  const missing = [...unknown]
  const look = await lookFor(run, tasks)
  let trajectories = 0
  for (const dataset of datasets) {
    const samples = await trajectoriesIn(run, dataset)
    if (typeof samples === 'string') {
      missing.push(samples)
      continue
    }
    const find = inStore(run)
    let lost = 0
    for (const name of samples) {
      const member = await find(name)
      if (member === null) lost += 1
      else look.at(member.trajectory)
    }
    trajectories += samples.size - lost
    if (lost > 0)
      missing.push(
        `${plural(lost, 'trajectory', 'trajectories')} of dataset ${dataset.id} ${lost === 1 ? 'is' : 'are'} no longer here`,
      )
  }
  const { prompt, workspace } = look.found()
  const names = datasets.map((dataset) => dataset.id)
  return {
    ...{ checkpoints: [...checkpoints], datasets: names, trajectories, tasks: tasks.length, prompt, workspace },
    unknown: missing,
  }
}

/** The names of a dataset's trajectories, or why they are not known. */
async function trajectoriesIn(run: Run, { id, digest }: Checkpoint['dataset']): Promise<ReadonlySet<string> | string> {
  const folder = placeOf(run.project.paths.datasets, id)
  const manifest = folder.ok ? await readManifest(folder.value, DatasetManifest) : null
  if (manifest === null) return `dataset ${id} is not here`
  if (manifest.digest !== digest) return `dataset ${id} was built anew since`
  const proof = await readProof(path.join(run.project.paths.datasets, id))
  return proof.ok ? new Set(proof.value.samples.map(({ trajectory }) => trajectory)) : proof.failure.message
}

interface Look {
  readonly at: (trajectory: Trajectory) => void
  readonly found: () => Pick<TaughtOverlap, 'prompt' | 'workspace'>
}

/** Looks for tasks in one trajectory after the other; each task is named with the first that shares something with it. */
async function lookFor(run: Run, tasks: readonly BenchmarkTask[]): Promise<Look> {
  const parts = tasks.flatMap((task) =>
    subtasksOf(task).map((query, at) => ({ task: task.id, query, first: at === 0 })),
  )
  const byQuery = new Map(parts.map(({ task, query }) => [query.id, task]))
  const leaks = leaksOf(parts.map(({ query }) => query))
  const begun = parts.flatMap(({ task, query, first }) => (first ? [{ task, start: startOf(query) }] : []))
  const taught = new Map((await queriesOf(run)).map((query) => [query.id, startOf(query)]))
  const prompt = new Map<string, SharedTask>()
  const workspace = new Map<string, SharedTask>()
  const add = (to: Map<string, SharedTask>, task: string, trajectory: string): void => {
    if (!to.has(task)) to.set(task, { task, trajectory })
  }
  return {
    at: (trajectory) => {
      for (const query of leaks(trajectory)) add(prompt, byQuery.get(query) ?? query, trajectory.id)
      const start = taught.get(trajectory.query?.id ?? '') ?? null
      if (start === null) return
      for (const one of begun) if (one.start === start) add(workspace, one.task, trajectory.id)
    },
    found: () => ({
      prompt: [...prompt.values()],
      workspace: [...workspace.values()].filter(({ task }) => !prompt.has(task)),
    }),
  }
}

/** What a query begins with, as a digest; null where that is an empty folder, as so many do. */
function startOf({ start: { files, repository } }: Query): string | null {
  return repository === undefined && Object.keys(files).length === 0 ? null : digestOfValue([files, repository ?? null])
}
