import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { done, type Result } from '../../nouns/index.js'
import { writeFileAtomic } from '../../shared/project/index.js'
import { isOurPage, renderEvaluationPage, type EvaluationReport } from '../../shared/report/index.js'
import {
  csvOf,
  evaluationTable,
  evaluationWarnings,
  judgingText,
  readTrials,
  rowOfTrial,
  showEvaluation,
  type ShownEvaluation,
} from '../../stages/evaluation/index.js'
import { checkPlace, noFile, type MayReplace } from '../out-place.js'
import type { Run } from '../run.js'

export interface ShowEvaluationRequest {
  readonly id: string
  /** Where the page goes. */
  readonly html?: string
  /** Where the table of all rows goes. */
  readonly csv?: string
  /** Which file that is there an output may replace; a page of limi's own where not given. */
  readonly mayReplace?: MayReplace
}

export interface ShownToPerson {
  readonly data: ShownEvaluation
  readonly text: string
}

/** `limi eval show`: a row a trial and the metrics; as a page, and as CSV, where they are asked for. */
export async function showProjectEvaluation(
  run: Pick<Run, 'project'>,
  request: ShowEvaluationRequest,
): Promise<Result<ShownToPerson>> {
  const folder = run.project.paths.evaluations
  const shown = await showEvaluation(folder, request.id)
  if (!shown.ok) return shown
  const written: string[] = []
  const { html, csv } = request
  if (html !== undefined) {
    const page = await writeTo(html, renderEvaluationPage(reportOf(shown.value)), request.mayReplace ?? ourPage)
    if (!page.ok) return page
    written.push(html)
  }
  if (csv !== undefined) {
    const rows = await readTrials(path.join(folder, request.id))
    if (!rows.ok) return rows
    const table = await writeTo(csv, csvOf(rows.value.map(rowOfTrial)), request.mayReplace ?? noFile)
    if (!table.ok) return table
    written.push(csv)
  }
  const text = written.length === 0 ? evaluationTable(shown.value) : written.map((file) => `→ ${file}`).join('\n')
  return done({ data: shown.value, text })
}

async function writeTo(file: string, content: string, mayReplace: MayReplace): Promise<Result<void>> {
  const place = await checkPlace(file, mayReplace)
  return place.ok ? writeFileAtomic(file, content) : place
}

const ourPage: MayReplace = async (file) => isOurPage(await readFile(file, 'utf8'))

function reportOf(shown: ShownEvaluation): EvaluationReport {
  const { id, benchmark, agent, model, rounds, planned, done: made, metrics, suites, trials, judging } = shown
  const named = Object.entries(suites)
  const bySuite = named.length === 1 ? [] : named.map(([name, of]) => ({ name, metrics: of }))
  return {
    ...{ id, benchmark, agent, model, rounds, planned, done: made },
    warnings: evaluationWarnings(shown),
    measured: [{ name: 'All tasks', metrics }, ...bySuite],
    causes: causesOf(shown),
    judging: judging === null ? null : judgingText(judging),
    rows: trials,
  }
}

function causesOf({ trials }: ShownEvaluation): EvaluationReport['causes'] {
  const counts = new Map<string, number>([['nothing outside the task itself', 0]])
  for (const { cause } of trials) {
    const name = cause ?? 'nothing outside the task itself'
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([cause, rows]) => ({ cause, rows }))
}
