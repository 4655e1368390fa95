import path from 'node:path'
import { unwrap, type RunPlan } from '../../nouns/index.js'
import type { TokenView } from '../../shared/report/index.js'
import { openDatasetModel, readSamples, viewSample, type SampleView } from '../../stages/dataset/index.js'
import { folderOf } from '../models.js'
import type { Finished } from '../stages.js'
import type { Run } from '../run.js'

const SHOWN = 2

/** The first samples of an arm's dataset, token by token, for the page. */
export async function sampleViews(
  run: Run,
  plan: RunPlan,
  made: Finished,
  arm: { name: string },
): Promise<TokenView[]> {
  const model = unwrap(await openDatasetModel(unwrap(await folderOf(run, plan.training.base)).folder))
  const samples = unwrap(await readSamples(path.join(run.project.paths.datasets, arm.name)))
  const byId = new Map(made.trajectories.members.map(({ trajectory }) => [trajectory.id, trajectory]))
  const views: TokenView[] = []
  for (const sample of samples.slice(0, SHOWN)) {
    const trajectory = byId.get(sample.trajectory)
    if (trajectory !== undefined) views.push(asTokenView(unwrap(await viewSample(model, sample, trajectory))))
  }
  return views
}

function asTokenView(view: SampleView): TokenView {
  return {
    title: view.id,
    trajectory: view.trajectory,
    tokens: view.tokens,
    trainedTokens: view.trainedTokens,
    messages: view.segments.map((segment) => ({
      role: roleOf(segment.role),
      segments: segment.tokens.map(({ text, trains }) => ({ text, trains })),
    })),
  }
}

function roleOf(role: string | null): TokenView['messages'][number]['role'] {
  return role === 'user' || role === 'assistant' || role === 'tool' ? role : 'system'
}
