import { access } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Result } from '../../nouns/index.js'
import { placeOf } from '../../shared/project/index.js'
import { askPerson, openTerminal } from '../../shared/scoring/index.js'
import type { Terminal } from '../../shared/terminal/index.js'
import {
  calibrate,
  calibrationText,
  humanFile,
  judgedRows,
  keptSheets,
  readHumanScores,
  readTrials,
  scoresOf,
  writeHumanScores,
  type Calibration,
  type HumanScore,
  type JudgedRow,
  type KeptSheet,
} from '../../stages/evaluation/index.js'
import type { Run } from '../run.js'

export interface CalibrateRequest {
  readonly evaluation: string
  /** A table of a person's scores, or another evaluation, judged by a person; what was judged here where not given. */
  readonly human?: string
  /** Ask for scores of what was not judged here yet. */
  readonly ask: boolean
  readonly seed: number
}

export interface Calibrated {
  readonly data: Calibration
  readonly text: string
}

/** `limi eval calibrate`. */
export async function calibrateProject(run: Run, request: CalibrateRequest): Promise<Result<Calibrated>> {
  const folder = placeOf(run.project.paths.evaluations, request.evaluation)
  if (!folder.ok) return folder
  const rows = await rowsIn(folder.value, request.evaluation)
  if (!rows.ok) return rows
  const scores = request.ask
    ? await askedFor(run, folder.value, rows.value)
    : await scoresFrom(run, folder.value, request.human)
  if (!scores.ok) return scores
  const calibration = calibrate(rows.value, scores.value, request.seed)
  return calibration.ok ? done({ data: calibration.value, text: calibrationText(calibration.value) }) : calibration
}

async function rowsIn(folder: string, id: string): Promise<Result<JudgedRow[]>> {
  const rows = await judgedRows(folder)
  if (!rows.ok || rows.value.length > 0) return rows
  const made = await readTrials(folder)
  return failed(made.ok && made.value.length > 0 ? unscored(folder, id) : absent(folder, id))
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

/** A person's scores by file or evaluation; a file is meant where there is one of that name. */
async function scoresFrom(run: Run, folder: string, human: string | undefined): Promise<Result<HumanScore[]>> {
  if (human === undefined) {
    const kept = humanFile(folder)
    return (await isThere(kept)) ? readHumanScores(kept) : failed(noScores(folder))
  }
  const file = path.resolve(human)
  if (await isThere(file)) return readHumanScores(file)
  const other = placeOf(run.project.paths.evaluations, human)
  if (!other.ok) return failed(noSuchScores(human))
  const rows = await rowsIn(other.value, human)
  if (rows.ok) return done(scoresOf(rows.value))
  return rows.failure.code === 'evaluation.absent' ? failed(noSuchScores(human)) : rows
}

/** Asks for the sheets that the person has not judged yet; each is kept as soon as it is judged. */
async function askedFor(run: Run, folder: string, rows: readonly JudgedRow[]): Promise<Result<HumanScore[]>> {
  const before = (await isThere(humanFile(folder))) ? await readHumanScores(humanFile(folder)) : done([])
  if (!before.ok) return before
  const sheets = keptSheets(rows)
  if (sheets.length === 0) return failed(noSheets(folder))
  const open = sheets.filter(({ task, trial, subtask, sheet }) =>
    before.value.every(
      (one) => one.task !== task || one.trial !== trial || one.subtask !== subtask || one.sheet !== sheet,
    ),
  )
  if (open.length === 0) return before
  const terminal = openTerminal()
  return terminal.ok ? askAll(run, terminal.value, folder, open, before.value) : terminal
}

async function askAll(
  run: Run,
  terminal: Terminal,
  folder: string,
  open: readonly KeptSheet[],
  before: readonly HumanScore[],
): Promise<Result<HumanScore[]>> {
  let scores = [...before]
  for (const [at, kept] of open.entries()) {
    const { task, trial, subtask, sheet, rubric, data } = kept
    const title = `${at + 1} of ${open.length}: ${task}, trial ${trial}, subtask ${subtask}`
    const found = await askPerson(terminal, { title, data, rubric }, run.signal)
    if (!found.ok) return found
    const others = scores.filter((one) => one.task !== task || one.trial !== trial || one.subtask !== subtask)
    const said = found.value.map(({ id, met }) => ({
      task,
      trial,
      subtask,
      requirement: id,
      score: Number(met),
      sheet,
    }))
    scores = [...others, ...said]
    const written = await writeHumanScores(folder, scores)
    if (!written.ok) return written
  }
  return done(scores)
}

const absent = (where: string, id: string) =>
  ({
    kind: 'input',
    code: 'evaluation.absent',
    message: `there is no evaluation ${id} with a trial`,
    where,
    remedy: '`limi eval list` names the evaluations that there are',
  }) as const

const unscored = (where: string, id: string) =>
  ({
    kind: 'input',
    code: 'calibration.unmeasured',
    message: `no trial of evaluation ${id} has a score to compare: their judge failed, or was never asked`,
    where,
    remedy: `make them again, by the command that made them with --id ${id} --retry-unmeasured; \`limi eval show ${id}\` tells the causes`,
  }) as const

const noScores = (where: string) =>
  ({
    kind: 'input',
    code: 'calibration.no-scores',
    message: 'there are no scores of a person to compare with',
    where,
    remedy: 'judge the sheets that were kept: --judge human; or name scores: --human FILE or --human EVALUATION',
  }) as const

const noSuchScores = (human: string) =>
  ({
    kind: 'input',
    code: 'calibration.no-scores',
    message: `${JSON.stringify(human)} is neither a file nor an evaluation with a trial`,
    where: human,
    remedy: 'name a table of scores (.csv, .yaml), or an evaluation: `limi eval list`',
  }) as const

const noSheets = (where: string) =>
  ({
    kind: 'input',
    code: 'calibration.no-sheets',
    message: 'no judge was shown anything in this evaluation: there are no sheets to judge',
    where,
    remedy: 'name an evaluation with rubrics, run with --judge MODEL; or give scores: --human FILE',
  }) as const
