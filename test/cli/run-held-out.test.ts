import { existsSync } from 'node:fs'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { Checkpoint, type ArmPlan, type RunPlan } from '../../src/nouns/index.js'
import { demoConfig } from '../../src/pipeline/index.js'
import { expectRefusal, limiForTests } from '../support/cli.js'
import { writeDemo } from '../support/demo.js'
import { writeTinyModel } from '../support/model.js'
import { placeForTests } from '../support/place.js'
import { writeScript } from '../support/project.js'
import { writeScriptedEngine } from '../support/scripted-engine.js'

const cache = await writeScriptedEngine(placeForTests())
const limi = limiForTests({ LIMI_CACHE: cache })
const root = path.join(limi.place, 'planned ü')
const REST = { name: 'rest', method: 'good' as const, without: ['curated'] }
const LONG = { timeout: 120_000 }
let model = ''
let plan: RunPlan

beforeAll(async () => {
  model = `dir:${await writeTinyModel(path.join(limi.place, 'tiny model'))}`
  plan = (await writeDemo(root, 'fast', 0, { model, train: 26 })).plan
})

interface Changes {
  readonly curation?: RunPlan['curation']
  readonly arm?: Partial<ArmPlan>
  readonly training?: Partial<RunPlan['training']>
}

/** The demo's plan with a few steps, and these changes. */
async function write({ curation = [], arm = {}, training = {} }: Changes): Promise<void> {
  const config = demoConfig({ size: 'fast', seed: 0, arms: 'curated', model, repository: null })
  const arms = [{ name: 'curated', selection: 'curated', ...arm }]
  const overrides = { steps: 6, saveEvery: 2, earlyStopping: { patience: 1 } }
  const changed = {
    ...plan,
    curation: [...plan.curation, ...curation],
    training: { ...plan.training, base: 'base', overrides, arms, ...training },
  }
  await writeFile(path.join(root, 'limi.yaml'), stringify({ ...config, run: changed }))
}

const run = () => limi.run(root, 'run', '--to', 'training')
const made = async (): Promise<Checkpoint> =>
  Checkpoint.parse(JSON.parse(await readFile(path.join(root, 'training/curated/manifest.json'), 'utf8')))

describe('limi run with something held out', () => {
  it(
    'refuses, before the first stage, what cannot be measured or would be measured on what is taught',
    LONG,
    async () => {
      for (const [changes, what] of [
        [{}, /early stopping looks at a held-out loss, and no heldOut names a selection/],
        [{ training: { heldOut: 'rest' } }, /there is no selection "rest" to hold out/],
        [{ curation: [{ name: 'rest', method: 'good' }], arm: { heldOut: 'rest' } }, /must have without: \[curated\]/],
        [{ curation: [{ ...REST, without: ['rest'] }] }, /no selection "rest" stands before it/],
        [
          { curation: [REST], arm: { heldOut: 'rest', forgetting: 'none' } },
          /forgetting: .*no finished evaluation none/,
        ],
      ] satisfies [Changes, RegExp][]) {
        await write(changes)
        expectRefusal(await run(), { code: 'plan.invalid', what, where: /limi\.yaml$/ })
      }
      expect(existsSync(path.join(root, 'trajectories'))).toBe(false)
    },
  )

  it('measures the loss of what it kept back, with early stopping, and a second time does nothing', LONG, async () => {
    await write({ curation: [REST], training: { heldOut: 'rest' } })
    const ended = await run()
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/^\[4\/7\] dataset +curated: .*; rest: /mu)])
    const checkpoint = await made()
    expect(checkpoint).toMatchObject({ heldOut: { id: 'rest' }, recipe: { earlyStopping: { patience: 1 } } })
    expect(checkpoint.heldOutLoss).toHaveLength(1)
    expect(existsSync(path.join(root, 'training/rest'))).toBe(false)
    const again = await run()
    const stages = again.stderr.split('\n').filter((line) => line.startsWith('['))
    expect(stages.map((line) => /\((.*)\)$/u.exec(line)?.[1])).toEqual(['kept', 'kept', 'kept', 'kept', 'kept'])
  })

  it('repeats an evaluation with what was trained, and keeps what other weights did', LONG, async () => {
    await writeScript(path.join(root, 'scripts/idle.jsonl'), [{ replies: [{ text: 'Done.' }] }])
    const idle = ['--agent', 'shell', '--model', 'script:scripts/idle.jsonl', '--rounds', '1']
    await limi.run(root, 'eval', 'run', 'shell', ...idle, '--tasks', 'heldOutValues=1', '--id', 'before')
    await write({ curation: [REST], training: { heldOut: 'rest', forgetting: 'before' } })
    // The stand-in for the engine serves no model, so the check ends there.
    const ended = await limi.start(root, 'run', '--to', 'training')
    expect([ended.exitCode, ended.stderr]).toEqual([4, expect.stringContaining('serving checkpoint:curated') as string])
    const after = path.join(root, 'evaluations/before-after-curated')
    await rm(after, { recursive: true, force: true })
    await cp(path.join(root, 'evaluations/before'), after, { recursive: true })
    const remade = await limi.start(root, 'run', '--to', 'training')
    expect(remade.stderr).toMatch(
      /^warning: evaluation \S+ was of other weights: it is kept as before-after-curated-before-1$/mu,
    )
  })
})
