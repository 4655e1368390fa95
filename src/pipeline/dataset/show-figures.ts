import path from 'node:path'
import { z } from 'zod'
import { done, type DatasetManifest, type Result } from '../../nouns/index.js'
import { bar, integerText, percentText, plural, table, type DatasetReport } from '../../shared/report/index.js'
import { lengthsOf, notesIn, readProof, statisticsBy, statisticsOf } from '../../stages/dataset/index.js'
import { trajectoryStore } from '../../stages/trajectories/index.js'
import type { Run } from '../run.js'

/** What a trajectory is counted under: its tag `category`, else its `family`. */
const UNLABELLED = 'unlabelled'

const Template = z.string().catch('not recorded')

/** Figures of a finished dataset: in all, by category, by length, sample by sample. */
export async function figuresOf(run: Run, manifest: DatasetManifest): Promise<Result<DatasetReport>> {
  const proof = await readProof(path.join(run.project.paths.datasets, manifest.id))
  if (!proof.ok) return proof
  const categories = new Map<string, string>()
  for await (const { id, tags } of trajectoryStore(run.project.paths.trajectories).headers()) {
    categories.set(id, tags['category'] ?? tags['family'] ?? UNLABELLED)
  }
  const samples = proof.value.samples.map(({ id, trajectory, tokens, trainedTokens }) => ({
    id,
    category: categories.get(trajectory) ?? UNLABELLED,
    tokens,
    trainedTokens,
  }))
  return done({
    name: manifest.id,
    model: manifest.model,
    template: Template.parse(manifest['template']),
    created: manifest.created,
    proof: proof.value.status,
    total: statisticsOf(samples),
    categories: statisticsBy(samples, ({ category }) => category),
    lengths: lengthsOf(samples),
    samples,
    excluded: manifest.excluded,
    notes: notesIn(manifest),
  })
}

/** The same for a terminal. */
export function describeFigures(report: DatasetReport): string {
  const { total, samples, lengths, categories, excluded, notes } = report
  const head = `${report.name}: ${plural(total.samples, 'sample')}, ${plural(total.tokens, 'token')}, ${percentText(total.trainedShare)} train, mean ${integerText(total.meanTokens)}, longest ${integerText(total.maxTokens)}, proof ${report.proof}`
  const most = Math.max(...lengths.map((bin) => bin.samples))
  const right = ['left', ...Array<'right'>(6).fill('right')] as const
  const groups = [
    ['category', 'samples', 'tokens', 'train', 'mean', 'median', 'longest'],
    ...categories.map((each) => [
      each.name,
      integerText(each.samples),
      integerText(each.tokens),
      percentText(each.trainedShare),
      integerText(each.meanTokens),
      integerText(each.medianTokens),
      integerText(each.maxTokens),
    ]),
  ]
  const bins = lengths.map((bin) => [
    `${integerText(bin.from)}–${integerText(bin.to - 1)}`,
    integerText(bin.samples),
    bar(bin.samples / most, 30),
  ])
  const rows = [
    ['tokens', 'trained', 'sample'],
    ...samples.map((one) => [integerText(one.tokens), integerText(one.trainedTokens), one.id]),
  ]
  const left = excluded.map(({ trajectory, reason }) => `  left out: ${trajectory} (${reason})`)
  return [
    head,
    '',
    table(groups, { align: right }),
    '',
    table([['tokens', 'samples', ''], ...bins], { align: ['right', 'right', 'left'] }),
    '',
    table(rows, { align: ['right', 'right', 'left'] }),
    ...left,
    ...(notes.length === 0
      ? []
      : [`${plural(notes.length, 'note')}: all stand in the page (--html) and in the manifest`]),
  ].join('\n')
}
