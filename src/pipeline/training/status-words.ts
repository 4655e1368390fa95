import { formatBytes } from '../../shared/python/index.js'
import { durationText, integerText, table } from '../../shared/report/index.js'
import type { RunStatus } from '../../stages/training/index.js'

/** A run's status for a person: a line of what and how far, figures, warnings, and what to do next. */
export function statusText(status: RunStatus): string {
  const { run, engine, base, dataset, warnings, failure, worker } = status
  const by = worker === null ? '' : ` by process ${worker.pid} on ${worker.host}`
  return [
    `${run}: ${status.state}${by}, step ${stepText(status)}${status.state === 'running' ? leftText(status) : ''}`,
    table(figuresOf(status)),
    `${engine} on ${base}, dataset ${dataset}`,
    ...warnings.map(({ time, text }) => `warning (${time.slice(0, 19)}): ${text}`),
    ...(failure === null ? [] : [`ended: ${failure.message}`, ...(failure.remedy ? [`to do: ${failure.remedy}`] : [])]),
    nextText(status),
  ].join('\n')
}

const stepText = ({ step, steps }: RunStatus): string => (steps === null ? `${step}` : `${step} of ${steps}`)

const leftText = ({ secondsLeft }: RunStatus): string =>
  secondsLeft === null ? '' : `, ${durationText(secondsLeft)} left`

function figuresOf(status: RunStatus): readonly (readonly string[])[] {
  const { loss, learningRate, heldOut, heldOutLoss, tokens, tokensPerSecond, memoryBytes, saved, attempts } = status
  const held = heldOutLoss.map((point) => `${point.loss.toFixed(3)} at step ${point.step}`).join(', ')
  return [
    ['loss', loss?.toFixed(4) ?? UNKNOWN],
    ...(heldOut === null ? [] : [['held-out loss', held === '' ? UNKNOWN : held]]),
    ['learning rate', learningRate?.toPrecision(3) ?? UNKNOWN],
    ['tokens', integerText(tokens)],
    ['tokens/s', tokensPerSecond === null ? UNKNOWN : integerText(tokensPerSecond)],
    ['memory', memoryBytes === null ? UNKNOWN : formatBytes(memoryBytes)],
    ['saved at step', `${saved}`],
    ['attempts', `${attempts}`],
  ]
}

const UNKNOWN = 'not known'

function nextText({ run, state, checkpoint }: RunStatus): string {
  if (state === 'running') return `\`limi train stop ${run}\` saves and ends it`
  if (state === 'finished') return `use it as ${checkpoint ?? run}; its curves are in training/${run}/report.html`
  return `\`limi train resume ${run}\` goes on; its curves are in training/${run}/report.html`
}

/** Every run, a line each. */
export function statusTable(all: readonly RunStatus[]): string {
  if (all.length === 0) return 'there are no runs here; `limi train --dataset D` begins one'
  const rows = all.map((status) => [
    status.run,
    status.state,
    stepText(status),
    status.loss?.toFixed(4) ?? '',
    status.heldOutLoss.at(-1)?.loss.toFixed(4) ?? '',
    status.engine,
    status.base,
    status.dataset,
  ])
  return table([['run', 'state', 'step', 'loss', 'held-out', 'engine', 'base', 'dataset'], ...rows])
}
