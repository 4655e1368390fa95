import type { Metrics, Rate } from '../../../../nouns/index.js'
import { digestOfValue } from '../../../../shared/project/index.js'
import { limiVersion } from '../../../../shared/version/index.js'
import { isMeasured } from '../../metrics/index.js'
import type { ExportSource } from '../source.js'

const METRIC = [{ name: 'mean', options: {} }]

/** What a log says besides its samples; `start` is what its journal begins with. */
export function headerFor(source: ExportSource, sampleIds: readonly string[]) {
  const { id, benchmark, agent, model, rounds, created, parameters, trials } = source
  const at = created ?? new Date(0).toISOString()
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
    scorers: ['SR', 'score', 'requirements'].map((name) => ({ name, options: {}, metrics: METRIC, metadata: {} })),
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
      stats: { started_at: at, completed_at: at, model_usage: { [model]: usageOf(source) }, role_usage: {} },
    },
  }
}

/** Every metric is a score with one mean; suites stand beside it by their name, intervals in its metadata. */
function resultsFor({ metrics, suites, trials, planned, finished }: ExportSource) {
  const measured = trials.filter(isMeasured).length
  const scores = Object.entries(metrics).map(([name, rate]) => ({
    ...{ name, scorer: name, params: {} },
    scored_samples: measured,
    unscored_samples: trials.length - measured,
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

function usageOf({ trials }: ExportSource) {
  const input = trials.reduce((sum, { usage }) => sum + usage.inputTokens, 0)
  const output = trials.reduce((sum, { usage }) => sum + usage.outputTokens, 0)
  return { input_tokens: input, output_tokens: output, total_tokens: input + output }
}
