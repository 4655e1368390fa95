import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { unwrap, type Cause } from '../../nouns/index.js'
import { openProject } from '../../shared/project/index.js'
import type { Run } from '../run.js'
import { calibrateProject } from './calibrate.js'

let root: string
let run: Run
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limi calibrate ü-'))
  await writeFile(path.join(root, 'limi.yaml'), 'models: {}\n')
  run = { project: unwrap(await openProject(root)), say: () => undefined, warn: () => undefined }
  await evaluation('unjudged', 'judge')
  await evaluation('judged', null)
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** One trial, with a score where nothing failed. */
async function evaluation(id: string, cause: Cause): Promise<void> {
  const folder = path.join(run.project.paths.evaluations, id, 'trials')
  await mkdir(folder, { recursive: true })
  const score = { score: 1, max: 1, passed: true, requirements: [{ id: 'r', passed: true, weight: 1, evidence: '' }] }
  const row = {
    ...{ task: 't', taskDigest: 'd', subtask: 1, trial: 1, suite: 's', max: 1, cause, trajectory: null, seconds: 1 },
    ...{ rounds: cause === null ? [score] : [], usage: { inputTokens: 0, outputTokens: 0 } },
  }
  const file = { format: 'limi.trial/2', task: 't', trial: 1, subtasks: [row] }
  await writeFile(path.join(folder, 't-1.json'), JSON.stringify(file))
}

const calibrating = (evaluated: string, human?: string) =>
  calibrateProject(run, { evaluation: evaluated, ask: false, seed: 0, ...(human === undefined ? {} : { human }) })

it.each([
  ['unjudged', 'judged'],
  ['judged', 'unjudged'],
])('%s beside %s: an evaluation without a measured trial is told how to get one', async (evaluated, human) => {
  expect(await calibrating(evaluated, human)).toMatchObject({
    ok: false,
    failure: {
      kind: 'input',
      code: 'calibration.unmeasured',
      message: expect.stringContaining('no trial of evaluation unjudged has a score') as string,
      where: path.join(run.project.paths.evaluations, 'unjudged'),
      remedy: expect.stringContaining('--id unjudged --retry-unmeasured') as string,
    },
  })
})

it('one that is not there is told as such', async () => {
  expect(await calibrating('none', 'judged')).toMatchObject({ ok: false, failure: { code: 'evaluation.absent' } })
  expect(await calibrating('judged', 'none')).toMatchObject({ ok: false, failure: { code: 'calibration.no-scores' } })
  expect(await calibrating('judged', 'judged')).toMatchObject({ ok: true, value: { data: { pairs: 1 } } })
})
