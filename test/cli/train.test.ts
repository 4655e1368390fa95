import { existsSync } from 'node:fs'
import { appendFile, readFile, rename } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { servePushHub } from '../../src/stages/training/push/testing/hub-server.js'
import { expectRefusal, limiForTests, type Told } from '../support/cli.js'
import { writeTinyModel } from '../support/model.js'
import { placeForTests } from '../support/place.js'
import { writeProject, writeScript } from '../support/project.js'
import { rescript, writeScriptedEngine } from '../support/scripted-engine.js'

const cache = await writeScriptedEngine(placeForTests())
const limi = limiForTests({ LIMI_CACHE: cache })
const hub = await servePushHub()
afterAll(() => hub.close())
const pusher = limiForTests({ LIMI_CACHE: cache, HF_ENDPOINT: hub.endpoint, HF_TOKEN: 'hf_secret123' })
const root = path.join(limi.place, 'ours ü')
let model = ''

beforeAll(async () => {
  await writeProject(root, { count: 8 })
  model = await writeTinyModel(path.join(limi.place, 'tiny model'))
  await limi.run(root, 'collect', '--agent', 'shell')
  for (const [name, seed] of [
    ['taught', '7'],
    ['same', '8'],
  ] as const) {
    await limi.run(root, 'curate', '--name', name, '--count', '3', '--seed', seed)
    await limi.run(root, 'dataset', 'build', '--selection', name, '--model', `dir:${model}`)
  }
  await limi.run(root, 'curate', '--name', 'rest', '--without', 'taught', 'same')
  await limi.run(root, 'dataset', 'build', '--selection', 'rest', '--model', `dir:${model}`)
})

interface Contract {
  readonly run: string
  readonly engine: string
  readonly base: string
  readonly steps: number
  readonly tokens: number
  readonly seconds: number
  readonly loss: readonly number[]
  readonly heldOutLoss: readonly number[]
  readonly checkpoint: string
}

interface Status {
  readonly state: string
  readonly step: number
  readonly steps: number | null
  readonly loss: number | null
  readonly saved: number
  readonly attempts: number
  readonly worker: { readonly pid: number } | null
  readonly failure: Told['error'] | null
}

const train = (...more: readonly string[]) => ['train', '--dataset', 'taught', ...more]
const statusOf = async (run: string): Promise<Status> => (await limi.json<Status>(root, 'train', 'status', run)).data

async function until(run: string, isSo: (status: Status) => boolean): Promise<Status> {
  for (let tries = 0; tries < 100; tries += 1) {
    const status = await limi.json<Status>(root, 'train', 'status', run)
    if (status.code === 0 && isSo(status.data)) return status.data
    await sleep(100)
  }
  throw new Error(`${run} never got so far: ${JSON.stringify(await statusOf(run))}`)
}

describe('limi train', () => {
  it('says the plan first, keeps the contract, and leaves a manifest, a card and a page', async () => {
    const args = train('--held-out', 'rest', '--steps', '6', '--save-every', '2', '--run', 'whole')
    const made = await limi.json<Contract>(root, ...args)
    expect([made.code, made.data]).toMatchObject([
      0,
      { run: 'whole', engine: 'trl', base: `dir:${model}`, steps: 6, tokens: 60, checkpoint: 'checkpoint:whole' },
    ])
    expect(made.data.loss).toEqual([2, 1, 2 / 3, 0.5, 0.4, 2 / 6])
    expect(made.data.heldOutLoss).toEqual([0.5])
    expect(made.data.seconds).toBeGreaterThan(0)
    const lines = made.stderr.split('\n')
    expect(lines.findIndex((line) => /plan .*6 steps/u.test(line))).toBeGreaterThan(-1)
    expect(lines.findIndex((line) => /plan .*6 steps/u.test(line))).toBeLessThan(
      lines.findIndex((line) => line.includes('step 1/6')),
    )
    const folder = path.join(root, 'training/whole')
    const manifest = JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')) as Record<string, unknown>
    expect(manifest).toMatchObject({ estimate: { steps: 6 }, heldOut: { id: 'rest' }, memoryBytes: 1e9 + 6 })
    const card = await readFile(path.join(folder, 'model/README.md'), 'utf8')
    expect(card).toContain('not stated')
    expect(card).not.toContain(limi.place)
    const page = await readFile(path.join(folder, 'report.html'), 'utf8')
    expect(page).toContain('whole: finished, step 6 of 6')
    expect(page).not.toMatch(/<script|src=|href="http/u)
    const again = await limi.run(root, ...args)
    expect([again.code, again.stdout.split('\n')[0]]).toEqual([0, 'whole was finished already: nothing was done'])
  })

  it.each([
    ['an engine', ['--engine', 'tlr'], { code: 'engine.unknown', what: /did you mean trl\?/ }],
    ['a recipe', ['--recipe', 'desktop'], { code: 'recipe.unknown', what: /desktop/, todo: /laptop/ }],
    ['a held-out dataset', ['--held-out', 'none'], { code: 'dataset.absent', what: /none/ }],
    ['an evaluation', ['--forgetting', 'none'], { code: 'evaluation.unfinished', what: /none/ }],
    ['a dataset of what is taught', ['--held-out', 'same'], { code: 'held-out.overlap', what: /pool-/ }],
    ['early stopping on nothing', ['--early-stopping', '1'], { code: 'training.no-held-out', what: /held-out/ }],
    ['a name that leaves the folder', ['--run', '../x'], { code: 'id.invalid', what: /id/ }],
  ])('refuses %s that will not do, before anything is written', async (_name, more, told) => {
    expectRefusal(await limi.run(root, ...train('--run', 'refused', ...more)), told)
    expect(existsSync(path.join(root, 'training/refused'))).toBe(false)
  })

  it('refuses an unknown dataset, a base that reads other tokens, and no dataset at all', async () => {
    expectRefusal(await limi.run(root, 'train', '--dataset', 'none'), { code: 'dataset.absent', what: /none/ })
    expectRefusal(await limi.run(root, 'train'), { code: 'usage', what: /--dataset/ })
    const other = await writeTinyModel(path.join(limi.place, 'other model'))
    await appendFile(path.join(other, 'tokenizer.json'), ' ')
    expectRefusal(await limi.run(root, ...train('--base', `dir:${other}`)), {
      code: 'dataset.other-model',
      what: /tokenizer/,
      todo: /dataset build/,
    })
    const twice = await limi.run(root, ...train('--steps', '1', '--epochs', '1'))
    expect(twice.code).toBe(2)
  })
})

/** A dozen commands, each of which takes a second to start on a busy machine. */
const LONG = { timeout: 120_000 }

describe('limi train status, stop and resume', () => {
  it('show a run from another terminal, stop it saved, and go on to the same losses', LONG, async () => {
    await rescript(cache, { delayMs: 100 })
    const training = limi.start(root, ...train('--steps', '600', '--save-every', '5', '--run', 'stopped'))
    const seen = await until('stopped', ({ step }) => step >= 3)
    expect(seen).toMatchObject({ state: 'running', steps: 600, worker: { pid: training.pid } })
    const second = await limi.run(root, ...train('--run', 'second'))
    expect([second.code, second.stderr]).toEqual([4, expect.stringContaining('(lock.held)')])
    const stopped = await limi.json<Status>(root, 'train', 'stop', 'stopped')
    expect([stopped.code, stopped.data.state]).toEqual([0, 'interrupted'])
    expect(stopped.data.saved).toBe(stopped.data.step)
    expect((await training).exitCode).toBe(130)
    expect((await training).stderr).toContain('to do: run the same command again: finished work is kept')
    expectRefusal(await limi.run(root, 'train', 'stop', 'stopped'), {
      code: 'training.not-running',
      what: /interrupted/,
    })
    await rescript(cache, {})
    const resumed = await limi.json<Contract>(root, 'train', 'resume', 'stopped')
    expect([resumed.code, resumed.data.steps]).toEqual([0, 600])
    expect(resumed.stderr).toContain(`going on from step ${stopped.data.saved} of 600`)
    expect(resumed.data.loss).toEqual(Array.from({ length: 600 }, (_, index) => 2 / (index + 1)))
    const done = await limi.run(root, 'train', 'resume', 'stopped')
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('finished already: nothing was done')])
    expect(await statusOf('stopped')).toMatchObject({ state: 'finished', step: 600, attempts: 2, worker: null })
  })

  it('tell a killed run from one that goes on', LONG, async () => {
    await rescript(cache, { delayMs: 100 })
    const training = limi.start(root, ...train('--steps', '600', '--save-every', '2', '--run', 'killed'))
    await until('killed', ({ saved }) => saved >= 2)
    training.kill('SIGKILL')
    await training
    const status = await statusOf('killed')
    expect(status).toMatchObject({ state: 'interrupted', worker: null, failure: null })
    await rescript(cache, {})
    const resumed = await limi.json<Contract>(root, 'train', 'resume', 'killed')
    expect([resumed.code, resumed.data.loss.length]).toEqual([0, 600])
  })

  it('say why a run failed, with what to change, and keep what was saved', async () => {
    await rescript(cache, { failAt: 5 })
    const failed = await limi.run(root, ...train('--steps', '6', '--save-every', '2', '--run', 'failing'))
    expect([failed.code, failed.stderr]).toEqual([4, expect.stringMatching(/to do: /u)])
    const status = await statusOf('failing')
    expect(status).toMatchObject({
      state: 'failed',
      step: 4,
      saved: 4,
      failure: { remedy: expect.any(String) as string },
    })
    const page = await readFile(path.join(root, 'training/failing/report.html'), 'utf8')
    expect(page).toContain('failing: failed, step 4 of 6')
    await rescript(cache, {})
    expect((await limi.run(root, 'train', 'resume', 'failing')).code).toBe(0)
  })

  it(
    'make the forgetting check that the run was begun with, and say where that can no longer be made',
    LONG,
    async () => {
      await writeScript(path.join(root, 'scripts/idle.jsonl'), [{ replies: [{ text: 'Done.' }] }])
      const idle = ['--agent', 'shell', '--model', 'script:scripts/idle.jsonl', '--rounds', '1']
      await limi.run(root, 'eval', 'run', 'shell', ...idle, '--tasks', 'heldOutValues=1', '--id', 'before')
      await rescript(cache, { failAt: 3 })
      const begun = ['--steps', '6', '--save-every', '2', '--run', 'recalled', '--forgetting', 'before']
      expect((await limi.run(root, ...train(...begun))).code).toBe(4)
      await rescript(cache, {})
      const evaluation = path.join(root, 'evaluations/before')
      await rename(evaluation, `${evaluation}-away`)
      const without = await limi.run(root, 'train', 'resume', 'recalled')
      expect([without.code, without.stderr]).toEqual([
        0,
        expect.stringMatching(/^warning: recalled: the forgetting check is left out: .*before/mu),
      ])
      expect(without.stderr).not.toContain('serving')
      await rename(`${evaluation}-away`, evaluation)
      // The stand-in for the engine serves no model, so the check ends there.
      const checked = await limi.start(root, 'train', 'resume', 'recalled')
      expect([checked.exitCode, checked.stderr]).toEqual([
        4,
        expect.stringContaining('serving checkpoint:recalled') as string,
      ])
    },
  )

  it('refuse what is not there, and what changed since', async () => {
    for (const command of ['status', 'resume', 'stop'])
      expectRefusal(await limi.run(root, 'train', command, 'none'), { code: 'training.absent', what: /none/ })
    await rescript(cache, { failAt: 3 })
    await limi.run(root, ...train('--steps', '6', '--run', 'changed'))
    await rescript(cache, {})
    await limi.run(root, 'curate', '--name', 'taught', '--count', '4', '--seed', '9')
    await limi.run(root, 'dataset', 'build', '--selection', 'taught', '--model', `dir:${model}`)
    expectRefusal(await limi.run(root, 'train', 'resume', 'changed'), {
      code: 'training.changed',
      what: /built anew/,
      todo: /limi train/,
    })
    const all = await limi.json<{ run: string; state: string }[]>(root, 'train', 'status')
    expect(all.data.find(({ run }) => run === 'changed')?.state).toBe('failed')
    const table = await limi.run(root, 'train', 'status')
    expect(table.stdout).toMatch(/^run +state/u)
  })
})

describe('limi train push', () => {
  const push = (...more: readonly string[]) => ['train', 'push', ...more, '--hub', 'owner/name']

  it('puts model and card on the hub, and a second time nothing', async () => {
    const pushed = await pusher.json<{ sent: string[] }>(root, ...push('whole', '--private'))
    expect([pushed.code, pushed.data.sent]).toEqual([0, expect.arrayContaining(['README.md', 'model.safetensors'])])
    expect(hub.files.get('model.safetensors')?.toString()).toBe('trained in 6')
    expect(`${pushed.stdout}${pushed.stderr}`).not.toContain('hf_secret123')
    const again = await pusher.run(root, ...push('whole'))
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('nothing was sent')])
  })

  it('refuses without a token, what is not finished, and a name that is none', async () => {
    const without = await limi.run(root, ...push('whole'))
    expect([without.code, without.stderr]).toEqual([3, expect.stringMatching(/HF_TOKEN is not set/u)])
    expectRefusal(await pusher.run(root, ...push('changed')), { code: 'checkpoint.absent', what: /changed/ })
    expectRefusal(await pusher.run(root, 'train', 'push', 'whole', '--hub', 'name'), { code: 'hub.name', what: /name/ })
    hub.faults.status = 503
    const refused = await pusher.run(root, ...push('whole'))
    expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining('(hub.refused)')])
  })
})
