import type { Checkpoint } from '../../nouns/index.js'
import { formatBytes } from '../../shared/python/index.js'
import { durationText, integerText } from '../../shared/report/index.js'
import {
  comparedEstimates,
  tokensPerSecond,
  type TimedStep,
  type TrainingEvent,
  type TrainingJob,
  type TrainingPlan,
} from '../../stages/training/index.js'

/** What a run will do, a line each. */
export function planWords({ run, recipe, dataset, heldOut }: TrainingJob, plan: TrainingPlan): readonly string[] {
  const { steps, samples, tokens, seconds, memoryBytes } = plan.estimate
  const held = heldOut === undefined ? '' : `; ${heldOut.samples.length} held out`
  return [
    `  ${run}: plan by recipe ${recipe.name} (${recipe.method}): ${integerText(steps)} steps of ${recipe.batchSize} on ${dataset.samples.length} samples${held}`,
    `  ${run}: ${integerText(samples)} samples and about ${integerText(tokens)} tokens seen, ${timeWords(seconds)}, ${memoryWords(memoryBytes)}`,
    ...plan.notes.map((note) => `  ${run}: ${note}`),
  ]
}

const timeWords = (seconds: number | null): string =>
  seconds === null ? 'time not known before the first steps' : `about ${durationText(seconds)}`

const memoryWords = (bytes: number | null): string =>
  bytes === null ? 'memory not known' : `about ${formatBytes(bytes)} of memory`

/** What came out of a run beside what was said before; nothing where nothing was. */
export function outcomeWords(made: Checkpoint): readonly string[] {
  if (made.estimate === undefined) return []
  const figures = comparedEstimates(made.estimate, made, made.memoryBytes ?? null)
  return figures.map(({ name, estimated, came }) => `${name}: ${came} (estimated: ${estimated})`)
}

/** Steps that the speed is looked for in. */
const REMEMBERED = 500

/** A teller of one run's events, with the speed of the last steps. */
export function sayerOf(run: string, say: (line: string) => void): (event: TrainingEvent) => void {
  let steps: readonly TimedStep[] = []
  return (event) => {
    if (event.type !== 'step') {
      say(describe(run, event))
      return
    }
    const { tokens, at } = event
    steps = [...steps.slice(-REMEMBERED), { tokens, at, heard: Date.now() / 1000 }]
    say(stepWords(run, event, tokensPerSecond(steps)))
  }
}

type StepEvent = Extract<TrainingEvent, { type: 'step' }>

function stepWords(run: string, event: StepEvent, tokensPerSecond: number | null): string {
  const parts = [
    `step ${event.step}/${event.steps}`,
    `loss ${event.loss.toFixed(3)}`,
    ...(event.learningRate === undefined ? [] : [`rate ${event.learningRate.toPrecision(2)}`]),
    ...(tokensPerSecond === null ? [] : [`${integerText(tokensPerSecond)} tokens/s`]),
    ...(event.memoryBytes === undefined ? [] : [formatBytes(event.memoryBytes)]),
    `${durationText(event.secondsLeft)} left`,
  ]
  return `  ${run}: ${parts.join('  ')}`
}

function describe(run: string, event: Exclude<TrainingEvent, StepEvent>): string {
  switch (event.type) {
    case 'note':
      return `  ${event.text}`
    case 'started':
      return event.from === 0
        ? `  ${run}: training, ${event.steps} steps`
        : `  ${run}: going on from step ${event.from} of ${event.steps}`
    case 'saved':
      return `  ${run}: saved at step ${event.step}`
    case 'held-out':
      return `  ${run}: held-out loss ${event.loss.toFixed(3)} after step ${event.step}`
    case 'warning':
      return `warning: ${run}: ${event.text}`
  }
}
