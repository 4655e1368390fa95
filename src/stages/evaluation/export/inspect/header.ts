import type { Metrics, Rate } from '../../../../nouns/index.js'
import { digestOfValue } from '../../../../shared/project/index.js'
import { limiVersion } from '../../../../shared/version/index.js'
import { isMeasured } from '../../metrics/index.js'
import type { ExportSource } from '../source.js'
import { SCORERS } from './scores.js'
import { usageOf } from './usage.js'

const METRIC = [{ name: 'mean', options: {} }]

/** What a log says besides its samples; `start` is what its journal begins with. `begun` is when the first trial was made, where that is known. */
export function headerFor(source: ExportSource, sampleIds: readonly string[], begun: string | undefined) {
  const { id, benchmark, agent, model, rounds, created, parameters, trials } = source
  const at = begun ?? created ?? new Date(0).toISOString()
  const key = digestOfValue([id, benchmark, agent, model, created]).slice(0, 22)
  const spec = {
    ...{ eval_id: key, run_id: key, created: at, task: benchmark, task_id: key, task_version: 0 },
    task_display_name: id,
    dataset: { name: benchmark, samples: sampleIds.length, sample_ids: [...sampleIds] },
    model,
    solver: agent,
    config: { epochs: Math.max(1, ...trials.map(({ trial }) => trial)) },
    packages: { limi: limiVersion() },
    metadata: { limi: { id, rounds, parameters } },
    scorers: SCORERS.map((name) => ({ name, options: {}, metrics: METRIC, metadata: {} })),
  }
  const plan = { name: 'limi', steps: [{ solver: agent, params: {}, params_passed: {} }], config: {} }
  const start = { version: 2, eval: spec, plan }
  return {
    start,
    header: {
      version: 2,
      status: source.finished ? 'success' : 'started',
      eval: spec,
      plan,
      results: resultsFor(source),
      stats: { started_at: begun ?? '', completed_at: created ?? '', ...usageOf(trials, model) },
    },
  }
}

/** Every metric is a score with one mean; suites stand beside it by their name, intervals in its metadata. */
function resultsFor({ metrics, suites, trials, planned, finished }: ExportSource) {
  const measured = trials.filter(isMeasured).length
  const scores = Object.entries(metrics).map(([name, rate]) => ({
    ...{ name, scorer: name, params: {} },
    scored_samples: Math.min(rate.n, trials.length),
    unscored_samples: Math.max(0, trials.length - rate.n),
    metrics: { mean: metricFor('mean', rate), ...bySuite(name, suites) },
  }))
  return {
    total_samples: finished ? trials.length : Math.max(planned, trials.length),
    completed_samples: measured,
    scores,
    headline: { scorer: 'SR', score: 'SR', metric: 'mean' },
  }
}

function bySuite(name: string, suites: Readonly<Record<string, Metrics>>) {
  const named = Object.entries(suites)
  if (named.length < 2) return {}
  return Object.fromEntries(
    named.flatMap(([suite, of]) => {
      const rate = of[name]
      return rate === undefined ? [] : [[`mean[${suite}]`, metricFor(`mean[${suite}]`, rate)]]
    }),
  )
}

const metricFor = (name: string, { value, low, high, n }: Rate) => ({
  name,
  value,
  params: {},
  metadata: { low, high, n },
})
