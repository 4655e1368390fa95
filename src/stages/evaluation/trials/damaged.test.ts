import { mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { showEvaluation } from '../show.js'
import { requestIn } from '../testing/request.js'
import { evaluate, findEvaluation, readTrials, type EvaluationRequest } from './index.js'

const root = await mkdtemp(path.join(os.tmpdir(), 'limi damaged ü-'))
afterAll(() => rm(root, { recursive: true, force: true }))

let folder = ''
let lines: string[] = []
beforeEach(() => {
  folder = path.join(root, `e${Math.random().toString(36).slice(2)}`)
  lines = []
})

const requestFor = (changes: Partial<EvaluationRequest> = {}): EvaluationRequest =>
  requestIn(folder, { onLine: (line) => lines.push(line), ...changes })

const trialFile = (name: string): string => path.join(folder, 'trials', `${name}.json`)

/** An evaluation that is not finished, one of its trials (three rounds, none passed) changed by hand. */
async function unfinishedWith(change: (text: string) => string): Promise<string> {
  const made = unwrap(await evaluate(requestFor()))
  const text = await readFile(trialFile('t4-1'), 'utf8')
  const changed = change(text)
  expect(changed).not.toBe(text)
  await writeFile(trialFile('t4-1'), changed)
  await unlink(path.join(folder, 'manifest.json'))
  return made.digest
}

type Row = Record<string, unknown> & { rounds: Record<string, unknown>[] }

/** Changes the one subtask's row. */
const inRow =
  (change: (row: Row) => void) =>
  (text: string): string => {
    const file = JSON.parse(text) as { subtasks: [Row] }
    change(file.subtasks[0])
    return JSON.stringify(file)
  }

const inRound = (at: number, fields: Record<string, unknown>) =>
  inRow(({ rounds }) => {
    Object.assign(rounds[at] ?? {}, fields)
  })

describe('a trial of an unfinished evaluation with figures that nothing can measure', () => {
  const impossible: readonly [what: string, change: (text: string) => string, told: RegExp][] = [
    ['a negative score', inRound(1, { score: -1 }), /subtasks\.0\.rounds\.1\.score: /],
    ['a score above its maximum', inRound(2, { score: 5 }), /subtasks\.0\.rounds\.2\.score: .*more than max/],
    ['a score that was no number', inRound(0, { score: null }), /subtasks\.0\.rounds\.0\.score: .*number/],
    ['a score without end', (text) => text.replace('"score": 0', '"score": 1e999'), /subtasks\.0\.rounds\.0\.score: /],
    ['a negative maximum', inRound(0, { max: -4, score: -4 }), /subtasks\.0\.rounds\.0\./],
    ['more rounds than there are', inRow(({ rounds }) => rounds.push({ ...rounds[0] })), /4 rounds, of 3/],
    ['no round, and no reason', inRow((row) => (row.rounds = [])), /no round/],
    ['negative seconds', inRow((row) => (row['seconds'] = -1)), /subtasks\.0\.seconds: /],
  ]
  it.each(impossible)('%s: is named by file and place, and played again', async (_what, change, told) => {
    const digest = await unfinishedWith(change)
    const read = await readTrials(folder)
    expect(read).toMatchObject({ ok: false, failure: { kind: 'input', where: trialFile('t4-1') } })
    expect(!read.ok && read.failure.message).toMatch(told)
    expect(!read.ok && read.failure.remedy).toContain('run the evaluation again')
    const shown = unwrap(await showEvaluation(root, path.basename(folder)))
    expect(shown).toMatchObject({ done: 5, damaged: [expect.stringMatching(told) as string] })
    lines = []
    expect(unwrap(await evaluate(requestFor())).digest).toBe(digest)
    expect(lines).toEqual([expect.stringMatching(/t4-1\.json .*made again/) as string])
    expect(lines[0]).toMatch(told)
  })
})

describe('a trial that a later limi wrote', () => {
  const later = (text: string): string => text.replace('limi.trial/2', 'limi.trial/99')

  it('is told as such, and never overwritten', async () => {
    await unfinishedWith(later)
    const before = await readFile(trialFile('t4-1'), 'utf8')
    const failure = {
      kind: 'input',
      code: 'trial.later',
      message: 'written by a later limi (its format is limi.trial/99)',
      where: trialFile('t4-1'),
      remedy: expect.stringMatching(/install.*or delete this file/) as string,
    }
    expect(await readTrials(folder)).toEqual({ ok: false, failure })
    expect(await evaluate(requestFor())).toEqual({ ok: false, failure })
    expect(await readFile(trialFile('t4-1'), 'utf8')).toBe(before)
    const shown = unwrap(await showEvaluation(root, path.basename(folder)))
    expect(shown.damaged).toEqual([expect.stringContaining('written by a later limi') as string])
  })

  it('leaves the manifest of a finished evaluation where it is', async () => {
    await unfinishedWith((text) => `${text} `)
    unwrap(await evaluate(requestFor()))
    await writeFile(trialFile('t4-1'), later(await readFile(trialFile('t4-1'), 'utf8')))
    expect(await evaluate(requestFor())).toMatchObject({ ok: false, failure: { code: 'trial.later' } })
    await writeFile(
      trialFile('t4-1'),
      (await readFile(trialFile('t4-1'), 'utf8')).replace('limi.trial/99', 'limi.trial/2'),
    )
    expect(await findEvaluation(requestFor())).not.toBeNull()
  })

  it.each(['limi.trial/0', 'limi.trial/x', 'limi.other/3', 7])('format %j is of no limi', async (format) => {
    await unfinishedWith((text) => JSON.stringify({ ...(JSON.parse(text) as object), format }))
    expect(await readTrials(folder)).toMatchObject({ ok: false, failure: { code: 'file.invalid' } })
  })
})
