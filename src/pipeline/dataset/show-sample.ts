import path from 'node:path'
import {
  done,
  failed,
  type Chosen,
  type DatasetManifest,
  type Failure,
  type Message,
  type Result,
  type Sample,
  type Trajectory,
} from '../../nouns/index.js'
import { parametersOf, streamSamples, viewSample, type SampleView } from '../../stages/dataset/index.js'
import { allOf, chosenTrajectories, inStore } from './chosen.js'
import { modelOfDataset } from './model.js'
import { selectionOf } from './sources.js'
import type { Run } from '../run.js'

type Segment = SampleView['segments'][number]

/** A stored sample token by token, as its selection and reviews had it taught; messages that a review cut stand where they stood. */
export async function sampleOf(run: Run, manifest: DatasetManifest, id: string): Promise<Result<SampleView>> {
  const sample = await findSample(path.join(run.project.paths.datasets, manifest.id), id)
  if (!sample.ok) return sample
  const taught = await taughtOf(run, manifest, sample.value.trajectory)
  if (!taught.ok) return taught
  const opened = await modelOfDataset(run, manifest)
  if (!opened.ok) return opened
  const { trajectory, whole } = taught.value
  const view = await viewSample(opened.value, sample.value, trajectory, parametersOf(manifest))
  return view.ok ? done({ ...view.value, segments: withCuts(view.value.segments, whole, trajectory) }) : view
}

async function findSample(folder: string, id: string): Promise<Result<Sample>> {
  for await (const sample of streamSamples(folder)) {
    if (!sample.ok || sample.value.id === id) return sample
  }
  return failed({
    kind: 'input',
    code: 'sample.absent',
    message: `there is no sample ${id}`,
    where: folder,
    remedy: '`limi dataset show NAME` lists the samples',
  })
}

interface Taught {
  /** As its selection wants it taught. */
  readonly trajectory: Trajectory
  /** As it was recorded. */
  readonly whole: Trajectory
}

async function taughtOf(run: Run, manifest: DatasetManifest, id: string): Promise<Result<Taught>> {
  const selection = await selectionOf(run, manifest.selection)
  if (!selection.ok) return selection
  const chosen: readonly Chosen[] = selection.value.chosen.filter(({ trajectory }) => trajectory === id)
  const find = inStore(run)
  const trajectories = await chosenTrajectories(run, { ...selection.value, chosen: [...chosen] }, find)
  if (!trajectories.ok) return trajectories
  const taught = await allOf(trajectories.value)
  if (!taught.ok) return taught
  const [trajectory] = taught.value
  const whole = await find(id)
  if (trajectory === undefined || whole === null) return failed(notChosen(selection.value.name, id))
  return done({ trajectory, whole: whole.trajectory })
}

/** Each cut message after the one that it followed, where that one is shown. */
function withCuts(segments: readonly Segment[], whole: Trajectory, taught: Trajectory): readonly Segment[] {
  const shown = [...segments]
  for (const thread of whole.threads) {
    const kept = new Set(taught.threads.find(({ id }) => id === thread.id)?.messages.map(({ id }) => id))
    let before = -1
    for (const message of thread.messages) {
      if (kept.has(message.id)) before = shown.findIndex((one) => one.message === message.id)
      else if (before >= 0) shown.splice(++before, 0, asCut(message))
    }
  }
  return shown
}

const asCut = ({ id, role, content, toolCalls = [] }: Message): Segment => {
  const said = typeof content === 'string' ? content : JSON.stringify(content)
  const calls = toolCalls.map((call) => `${call.name}(${call.arguments})`)
  return { message: id, role, tokens: [], cut: [said, ...calls].join('\n') }
}

const notChosen = (selection: string, trajectory: string): Failure => ({
  kind: 'input',
  code: 'selection.stale',
  message: `selection ${selection} no longer chooses trajectory ${trajectory}`,
  where: `selections/${selection}.yaml`,
  remedy: 'build the dataset again',
})
