import type { Cause, Outcome } from '../../../../nouns/index.js'
import type { EvalOutput } from './record.js'
import { field } from '../values.js'

/** Whether the task was resolved, where a benchmark's report stands in the output; without one a patch says nothing of its worth. */
export function outcomeOf(output: EvalOutput): Outcome {
  const cause = causeOf(output.error)
  const why = cause === undefined ? {} : { cause }
  const resolved = [output['report'], field(output['test_result'], 'report'), output['test_result']]
    .map((report) => field(report, 'resolved'))
    .find((one): one is boolean => typeof one === 'boolean')
  if (resolved === undefined) return { status: 'unknown', by: 'source', ...why }
  return { status: resolved ? 'success' : 'failure', by: 'source', ...why }
}

const CAUSES: readonly (readonly [RegExp, Cause])[] = [
  [/maximum iteration|max_iterations|budget|ContextWindow/i, 'budget'],
  [/AgentStuckInLoop|stuck in a loop/i, 'agent'],
  [/timeout|timed out/i, 'timeout'],
]

function causeOf(error: string | null | undefined): Cause | undefined {
  if (error === null || error === undefined || error === '') return undefined
  return CAUSES.find(([pattern]) => pattern.test(error))?.[1] ?? 'infrastructure'
}
