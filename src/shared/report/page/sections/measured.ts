import { markup, type Markup } from '../../markup.js'
import type { RunReport } from '../../run-report.js'
import { durationText, plural } from '../../text.js'
import { suitesOf, suiteTitle } from '../names.js'

export function measuredSection(report: RunReport): Markup {
  return markup`<section aria-labelledby="measured"><h2 id="measured">How this was measured</h2>${method(report)}<h3>What this does not show</h3>${limits()}${facts(report)}</section>`
}

function method(report: RunReport): Markup {
  const { protocol, verdict } = report
  const detectable = suitesOf(report).flatMap((suite) => {
    const found = Object.hasOwn(verdict, suite) ? verdict[suite] : undefined
    return found ? [`${Math.round(found.detectable * 100)} points on ${suiteTitle(report, suite).toLowerCase()}`] : []
  })
  return markup`<p>Every arm tried the same tasks, with the same agent, the same limits${
    protocol.turns !== undefined &&
    ` (at most ${plural(protocol.turns, 'turn')} a round${protocol.tokensPerTurn === undefined ? '' : ` and ${plural(protocol.tokensPerTurn, 'new token')} a turn`})`
  } and ${plural(protocol.rounds, 'round')} with feedback. ${
    protocol.judges === undefined || protocol.judges.length === 0
      ? 'A hidden check of the final state decides; no model judges.'
      : `A hidden check of the final state decides; tasks that have none are scored by a rubric, judged by ${protocol.judges.join(', ')}.`
  } No held-out task is in the training data.</p><p><strong>The test.</strong> Only tasks on which the two differ tell anything: those that passed only before and those that passed only after. If training changed nothing, each of these would be a coin flip, and p is the exact chance of flips at least this lopsided. A gain or a loss is declared below p = 0.05; all else is <em>not shown</em>, which is not the same as <em>no difference</em>.</p><p><strong>The interval.</strong> Tasks are drawn again and again, with replacement, from those that were tried; the middle 95% of the differences so found is the interval.</p>${
    detectable.length > 0 &&
    markup`<p><strong>The smallest effect it could have seen.</strong> With this many tasks, a true difference of ${detectable.join(' and ')} would have been found in four runs out of five. Smaller ones may be there and go unseen.</p>`
  }`
}

function limits(): Markup {
  return markup`<ul class="plain"><li><strong>Scripted demonstrations.</strong> The expert and the novice of the built-in benchmark are scripts, not people and not a strong model; a real pool holds other mistakes, and more kinds of them.</li><li><strong>A tiny benchmark.</strong> Short shell tasks with a check each. A gain here is no claim about software work at large.</li><li><strong>One seed.</strong> The interval covers the choice of tasks, not the luck of one training run; another seed gives another model. Repeat with other seeds before believing a small difference.</li><li><strong>A small model.</strong> A base that passes almost nothing has much to gain from learning the format of an action alone.</li></ul>`
}

function facts(report: RunReport): Markup {
  const rows: readonly (readonly [string, string])[] = [
    ['limi', report.limi],
    ['Seed', report.seed === undefined ? '' : String(report.seed)],
    ['Base model', report.training?.base ?? ''],
    ...Object.entries(report.versions),
    ...Object.entries(report.seconds).map(([stage, seconds]) => [`Time: ${stage}`, durationText(seconds)] as const),
  ]
  const shown = rows.filter(([, value]) => value !== '')
  return markup`${report.why.length > 0 && markup`<h3>Where this comes from</h3><ul class="plain">${report.why.map((sentence) => markup`<li>${sentence}</li>`)}</ul>`}${
    shown.length > 0 &&
    markup`<details open><summary>Versions, seed and times</summary><dl class="facts">${shown.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></details>`
  }`
}
