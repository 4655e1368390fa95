import type { SampleFigures } from '../../../nouns/index.js'
import { bars } from '../charts/index.js'
import { markup, type Markup } from '../markup.js'
import { dataTable } from '../page/table.js'
import { integerText, percentText, plural } from '../text.js'
import type { DatasetReport } from './dataset-report.js'
import { document } from '../page/document.js'

/** The page of a dataset: its figures, how long its samples are, and what was left out. No script, no request. */
export function renderDatasetPage(report: DatasetReport): string {
  const { name, total, proof } = report
  return document({
    title: `${name} · limi dataset`,
    kicker: [report.model, `template ${report.template}`, report.created.slice(0, 10)].join(' · '),
    heading: `${name}: ${plural(total.samples, 'sample')}, ${plural(total.tokens, 'token')}, ${percentText(total.trainedShare)} of them train`,
    lede: markup`${
      proof === 'ok'
        ? 'The proof that every label is right was checked.'
        : markup`<strong class="loss">The proof of the labels failed: this dataset cannot be trained on.</strong>`
    } The mean sample has ${integerText(total.meanTokens)} tokens, the median ${integerText(total.medianTokens)}, the longest ${integerText(total.maxTokens)}; LIMI’s own had 42,400 in the mean and 152,000 at most.`,
    sections: [lengthsSection(report), categoriesSection(report), samplesSection(report), leftOutSection(report)],
  })
}

function lengthsSection({ lengths }: DatasetReport): Markup {
  const rows = lengths.map(({ from, to, samples }) => ({
    label: `${integerText(from)} to ${integerText(to - 1)} tokens`,
    value: samples,
    text: plural(samples, 'sample'),
  }))
  return markup`<section aria-labelledby="lengths"><h2 id="lengths">How long the samples are</h2><figure>${bars(rows, { label: 'Samples by length in tokens' })}</figure></section>`
}

const FIGURES = ['samples', 'tokens', 'train', 'mean', 'median', 'longest'].map((name) => ({ name, number: true }))

function categoriesSection({ categories, total }: DatasetReport): Markup {
  const rows = [...categories, { name: 'all', ...total }].map(
    (each) => markup`<tr><th scope="row">${each.name}</th>${figures(each)}</tr>`,
  )
  return markup`<section aria-labelledby="categories"><h2 id="categories">By category</h2>${dataTable('Tokens by category', [{ name: 'category' }, ...FIGURES], rows)}</section>`
}

const figures = (each: SampleFigures): Markup =>
  markup`<td class="num">${integerText(each.samples)}</td><td class="num">${integerText(each.tokens)}</td><td class="num">${percentText(each.trainedShare)}</td><td class="num">${integerText(each.meanTokens)}</td><td class="num">${integerText(each.medianTokens)}</td><td class="num">${integerText(each.maxTokens)}</td>`

function samplesSection({ samples }: DatasetReport): Markup {
  const rows = samples.map(
    ({ id, category, tokens, trainedTokens }) =>
      markup`<tr><th scope="row" class="mono">${id}</th><td>${category}</td><td class="num">${integerText(tokens)}</td><td class="num">${integerText(trainedTokens)}</td><td class="num">${percentText(trainedTokens / Math.max(1, tokens))}</td></tr>`,
  )
  const columns = [
    { name: 'sample' },
    { name: 'category' },
    ...['tokens', 'trained', 'share'].map((name) => ({ name, number: true })),
  ]
  return markup`<section aria-labelledby="samples"><h2 id="samples">Every sample</h2>${dataTable('Samples', columns, rows)}</section>`
}

function leftOutSection({ excluded, notes }: DatasetReport): Markup {
  const left = excluded.map(
    ({ trajectory, reason }) => markup`<tr><th scope="row" class="mono">${trajectory}</th><td>${reason}</td></tr>`,
  )
  const said = notes.map(
    ({ sample, code, message }) =>
      markup`<tr><th scope="row" class="mono">${sample}</th><td class="nowrap">${code}</td><td>${message}</td></tr>`,
  )
  const nothing = (what: string): Markup => markup`<p class="empty">${what}</p>`
  return markup`<section aria-labelledby="left"><h2 id="left">What was left out, and what is worth knowing</h2>${
    left.length === 0
      ? nothing('No trajectory of the selection was left out.')
      : dataTable('Left out', [{ name: 'trajectory' }, { name: 'reason' }], left, 'reasons')
  }${
    said.length === 0
      ? nothing('There are no notes.')
      : dataTable('Notes', [{ name: 'sample' }, { name: 'code' }, { name: 'note' }], said, 'reasons')
  }</section>`
}
