import { line, type Point } from '../charts/index.js'
import { document } from '../page/document.js'
import { markup, type Markup } from '../markup.js'
import { dataTable } from '../page/table.js'
import { decimalText, plural } from '../text.js'
import type { StepValue, TrainingReport } from './training-report.js'

/** The page of one training run: curves, warnings, what was expected and what came out. No script, no request. */
export function renderTrainingPage(report: TrainingReport): string {
  const { run, state, step, steps, engine, base, dataset } = report
  return document({
    title: `${run} · limi training`,
    kicker: [engine, base, dataset, report.updated.slice(0, 19).replace('T', ' ')].join(' · '),
    heading: `${run}: ${state}, step ${String(step)}${steps === null ? '' : ` of ${String(steps)}`}`,
    lede: ledeOf(report),
    sections: [
      warningsSection(report),
      curveSection({ id: 'loss', title: 'Training loss', points: report.loss, yTitle: 'loss (nats a token)' }),
      heldOutSection(report),
      curveSection({
        id: 'rate',
        title: 'Learning rate',
        points: report.learningRate,
        yTitle: 'learning rate',
        format: (value) => value.toPrecision(2),
      }),
      figuresSection(report),
      factsSection(report),
    ],
  })
}

function ledeOf({ failure, state }: TrainingReport): Markup {
  if (failure === null)
    return markup`${state === 'running' ? 'Written at the last save: load this page again for what came since. ' : ''}The loss is taken on the tokens that train, and on nothing else.`
  return markup`<strong class="loss">${failure.message}</strong>${failure.remedy !== undefined && markup` ${failure.remedy}.`}`
}

interface Curve {
  readonly id: string
  readonly title: string
  readonly points: readonly StepValue[]
  readonly yTitle: string
  /** Two decimals where not given. */
  readonly format?: (value: number) => string
}

/** More than this is more than the eye sees, and than a browser draws at once. */
const DRAWN = 2000

function curveSection({ id, title, points, yTitle, format }: Curve): Markup {
  const every = Math.ceil(points.length / DRAWN)
  const drawn = points.filter((_, index) => index % every === 0 || index === points.length - 1)
  const chart = line(drawn.map(pointOf), {
    label: `${title} over ${plural(points.length, 'step')}`,
    xTitle: 'step',
    yTitle,
    none: 'None was logged.',
    format,
  })
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2><figure>${chart}</figure>${
    every > 1 && markup`<p class="note">One step in ${every} is drawn; all are in events.jsonl.</p>`
  }${points.length > 0 && pointTable(title, drawn)}</section>`
}

const pointOf = ({ step, value }: StepValue): Point => ({ x: step, y: value })

function pointTable(title: string, points: readonly StepValue[]): Markup {
  const rows = points.map(
    ({ step, value }) =>
      markup`<tr><td class="num">${step}</td><td class="num">${value === null ? 'not a number' : numberText(value)}</td></tr>`,
  )
  const columns = ['Step', title].map((name) => ({ name, number: true }))
  return markup`<details><summary>The points as a table</summary>${dataTable(title, columns, rows, 'narrow')}</details>`
}

const numberText = (value: number): string => (Math.abs(value) < 0.01 ? value.toPrecision(3) : decimalText(value, 4))

function heldOutSection({ heldOut, heldOutLoss }: TrainingReport): Markup {
  if (heldOut !== null)
    return curveSection({
      id: 'held-out',
      title: `Loss on ${heldOut}, which never trains`,
      points: heldOutLoss,
      yTitle: 'loss (nats a token)',
    })
  return markup`<section aria-labelledby="held-out"><h2 id="held-out">Held-out loss</h2><p class="empty">No held-out dataset was named (--held-out), so nothing here can show overfitting.</p></section>`
}

function warningsSection({ warnings }: TrainingReport): Markup {
  const rows = warnings.map(
    ({ time, code, text }) =>
      markup`<tr><td class="nowrap">${time.slice(0, 19).replace('T', ' ')}</td><td class="nowrap">${code}</td><td>${text}</td></tr>`,
  )
  const columns = ['time', 'code', 'warning'].map((name) => ({ name }))
  return markup`<section aria-labelledby="warnings"><h2 id="warnings">Warnings</h2>${
    rows.length === 0 ? markup`<p class="empty">There are none.</p>` : dataTable('Warnings', columns, rows, 'reasons')
  }</section>`
}

function figuresSection({ figures }: TrainingReport): Markup {
  const rows = figures.map(
    ({ name, estimated, came }) =>
      markup`<tr><th scope="row">${name}</th><td class="num">${estimated}</td><td class="num">${came}</td></tr>`,
  )
  const columns = [{ name: '' }, { name: 'estimated', number: true }, { name: 'came out', number: true }]
  return markup`<section aria-labelledby="figures"><h2 id="figures">Expected, and what came out</h2>${dataTable('Estimates', columns, rows)}</section>`
}

function factsSection({ facts }: TrainingReport): Markup {
  const rows = facts.map(
    ({ name, value }) => markup`<tr><th scope="row">${name}</th><td class="mono">${value}</td></tr>`,
  )
  return markup`<section aria-labelledby="facts"><h2 id="facts">How it was made</h2>${dataTable('Recipe, machine and versions', [{ name: '' }, { name: 'value' }], rows, 'reasons')}</section>`
}
