import { existsSync } from 'node:fs'
import { readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { Checkpoint, done, failed, unwrap } from '../../nouns/index.js'
import type { TrainingEngine, TrainingEvent, TrainingJob } from './engine.js'
import { loadRecipe, recipeNames } from './recipes.js'
import { statusOfRun } from './status.js'
import { readyCheckpoint, train } from './train.js'
import { rootOf, smallJob } from './testing/small-job.js'
import { trlEngine } from './trl/index.js'
import { END, fakePython, START, step, WEIGHTS } from './trl/testing/fake-python.js'

const roots: string[] = []
afterEach(async () => {
  for (const root of roots.splice(0)) await rm(root, { recursive: true, force: true })
})

async function setUp(steps = 3): Promise<{ job: TrainingJob; engine: TrainingEngine; ran: () => Promise<number> }> {
  const job = await smallJob({ steps })
  roots.push(rootOf(job))
  const counter = path.join(rootOf(job), 'ran')
  const body = [`echo x >> '${counter}'`, START, step(1), step(2), step(3), WEIGHTS, END].join('\n')
  const python = await fakePython(rootOf(job), body)
  const cacheRoot = path.join(rootOf(job), 'cache')
  const engine = trlEngine({ cacheRoot, environment: async () => done({ python, versions: { trl: '1' } }) })
  const ran = async () => (await readFile(counter, 'utf8').catch(() => '')).length / 2
  return { job, engine, ran }
}

const quiet = (): void => undefined

describe('train', () => {
  test('writes a checkpoint that says what it was made from, and done again does nothing', async () => {
    const { job, engine, ran } = await setUp()
    const first = unwrap(await train({ job, engine, proof: 'ok', onEvent: quiet }))
    expect(first).toMatchObject({
      engine: 'trl',
      steps: 3,
      made: { inputs: { base: [{ digest: 'b' }], dataset: [{ digest: 'd' }] }, versions: { trl: '1' } },
    })
    const written: unknown = JSON.parse(await readFile(path.join(job.folder, 'manifest.json'), 'utf8'))
    expect(Checkpoint.parse(written)).toEqual(first)
    expect(unwrap(await train({ job, engine, proof: 'ok', onEvent: quiet }))).toEqual(first)
    expect(await ran()).toBe(1)
  })

  test('another recipe under the same name starts anew and says so', async () => {
    const { job, engine, ran } = await setUp()
    unwrap(await train({ job, engine, proof: 'ok', onEvent: quiet }))
    const events: TrainingEvent[] = []
    const changed = { ...job, recipe: { ...job.recipe, seed: 7 } }
    unwrap(await train({ job: changed, engine, proof: 'ok', onEvent: (event) => events.push(event) }))
    expect(events[0]).toMatchObject({ type: 'note', text: expect.stringContaining('kept as run-1-before-1') })
    expect(await ran()).toBe(2)
  })

  test.each(['whole', 'absent', 'damaged'])('a finished checkpoint is kept where begun.json is %s', async (state) => {
    const { job, engine } = await setUp()
    const first = unwrap(await train({ job, engine, proof: 'ok', onEvent: quiet }))
    const begun = path.join(job.folder, 'begun.json')
    if (state === 'absent') await rm(begun)
    if (state === 'damaged') await writeFile(begun, '{')
    const events: TrainingEvent[] = []
    const changed = { ...job, dataset: { ...job.dataset, digest: 'other' } }
    unwrap(await train({ job: changed, engine, proof: 'ok', onEvent: (event) => events.push(event) }))
    const kept = `${job.folder}-before-1`
    expect(JSON.parse(await readFile(path.join(kept, 'manifest.json'), 'utf8'))).toEqual(first)
    expect(await readFile(path.join(kept, first.path!, 'model.safetensors'), 'utf8')).toBe('trained\n')
    expect(events[0]).toMatchObject({ type: 'note', text: expect.stringContaining('run-1-before-1') })
  })

  test('a finished run whose weights are gone is moved aside and made again', async () => {
    const { job, engine, ran } = await setUp()
    const first = unwrap(await train({ job, engine, proof: 'ok', onEvent: quiet }))
    await rm(path.join(job.folder, first.path!), { recursive: true })
    expect(await readyCheckpoint(job, engine.name)).toBeNull()
    const before = await ran()
    unwrap(await train({ job, engine, proof: 'ok', onEvent: quiet }))
    expect(await ran()).toBe(before + 1)
    expect(await readFile(path.join(job.folder, 'model/model.safetensors'), 'utf8')).toBe('trained\n')
  })

  test('the chat template that the dataset was made by goes with the weights', async () => {
    const { job, engine } = await setUp()
    await writeFile(path.join(job.base.folder, 'chat_template.jinja'), 'the base’s')
    const own = { ...job, dataset: { ...job.dataset, chatTemplate: 'the dataset’s' } }
    const { path: model } = unwrap(await train({ job: own, engine, proof: 'ok', onEvent: quiet }))
    expect(await readFile(path.join(job.folder, model!, 'chat_template.jinja'), 'utf8')).toBe('the dataset’s')
    const plain = unwrap(
      await train({ job: { ...job, folder: `${job.folder}-2` }, engine, proof: 'ok', onEvent: quiet }),
    )
    expect(await readFile(path.join(`${job.folder}-2`, plain.path!, 'chat_template.jinja'), 'utf8')).toBe('the base’s')
  })

  test('a finished checkpoint whose manifest is damaged is moved aside, not trained over', async () => {
    const { job, engine } = await setUp()
    unwrap(await train({ job, engine, proof: 'ok', onEvent: quiet }))
    await writeFile(path.join(job.folder, 'manifest.json'), '{')
    unwrap(await train({ job, engine, proof: 'ok', onEvent: quiet }))
    expect(await readFile(path.join(`${job.folder}-before-1`, 'model/model.safetensors'), 'utf8')).toBe('trained\n')
  })

  test('what lies there is untouched where the engine lacks something', async () => {
    const { job, engine } = await setUp()
    const first = unwrap(await train({ job, engine, proof: 'ok', onEvent: quiet }))
    const missing = { kind: 'missing' as const, code: 'python.missing', message: 'x' }
    const without = { ...engine, check: async () => done({ missing: [missing], diskBytes: 0 }) }
    const changed = { ...job, recipe: { ...job.recipe, seed: 7 } }
    expect(await train({ job: changed, engine: without, proof: 'ok', onEvent: quiet })).toEqual(failed(missing))
    expect(await readyCheckpoint(job, engine.name)).toEqual(first)
    await expect(stat(`${job.folder}-before-1`)).rejects.toThrow()
  })

  test.runIf(existsSync('/proc/self'))('a folder that cannot be made is told at once', async () => {
    const { job, engine } = await setUp(0)
    const folder = '/proc/limi/training/run-1'
    expect(await train({ job: { ...job, folder }, engine, proof: 'ok', onEvent: quiet })).toMatchObject({
      failure: { kind: 'input', code: 'disk.denied', where: '/proc/limi' },
    })
  })

  test('an environment that cannot be made is lacking before anything is touched', async () => {
    const { job } = await setUp()
    const missing = { kind: 'missing' as const, code: 'network.unreachable', message: 'x' }
    const cacheRoot = path.join(rootOf(job), 'cache')
    const engine = trlEngine({ cacheRoot, environment: async () => failed(missing) })
    const codes = unwrap(await engine.check(job)).missing.map(({ code }) => code)
    expect(['network.unreachable', 'python.missing', 'disk.full']).toContain(codes[0])
    await expect(stat(job.folder)).rejects.toThrow()
    await expect(stat(path.dirname(job.folder))).rejects.toThrow()
  })

  test('base and dataset under other names are the same work', async () => {
    const { job, engine, ran } = await setUp()
    const first = unwrap(await train({ job, engine, proof: 'ok', onEvent: quiet }))
    const renamed = { ...job, base: { ...job.base, name: 'tiny' }, dataset: { ...job.dataset, id: 'd2' } }
    expect(unwrap(await train({ job: renamed, engine, proof: 'ok', onEvent: quiet }))).toEqual(first)
    expect(await ran()).toBe(1)
  })

  test('a failed run leaves no manifest, and the next one goes on', async () => {
    const { job, engine, ran } = await setUp()
    const broken = { ...engine, run: async () => failed({ kind: 'underway' as const, code: 'x', message: 'x' }) }
    expect(await train({ job, engine: broken, proof: 'ok', onEvent: quiet })).toMatchObject({ ok: false })
    await expect(stat(path.join(job.folder, 'manifest.json'))).rejects.toThrow()
    unwrap(await train({ job, engine, proof: 'ok', onEvent: quiet }))
    expect(await ran()).toBe(1)
  })

  test('overfitting is said once a run, by what all its attempts measured', async () => {
    const { job, engine } = await setUp()
    const warned: string[] = []
    const attempt = async (steps: readonly number[]): Promise<void> => {
      const run: TrainingEngine['run'] = async (_, { onEvent }) => {
        for (const step of steps) onEvent({ type: 'step', step, steps: 9, loss: 0.01, tokens: 1, secondsLeft: 0 })
        return failed({ kind: 'underway', code: 'x', message: 'x' })
      }
      const onEvent = (event: TrainingEvent): void => {
        if (event.type === 'warning') warned.push(`${event.code} after ${String(steps.at(-1))}`)
      }
      await train({ job, engine: { ...engine, run }, proof: 'ok', onEvent })
    }
    // It takes five steps; those that are made again count once.
    for (const steps of [[1, 2, 3], [2, 3, 4], [5], [6, 7], [1, 2, 3, 4, 5, 6]]) await attempt(steps)
    expect(warned).toEqual(['overfitting after 5'])
    const { warnings } = unwrap(await statusOfRun(job.folder, null))
    expect(warnings.map(({ code }) => code)).toEqual(['overfitting'])
  })

  test('no steps give the very weights of the base, without the engine', async () => {
    const { job, engine, ran } = await setUp(0)
    const checkpoint = unwrap(await train({ job, engine, proof: 'ok', onEvent: quiet }))
    expect(checkpoint).toMatchObject({ steps: 0, loss: [] })
    for (const name of ['model.safetensors', 'tokenizer.json']) {
      const [given, base] = [path.join(job.folder, checkpoint.path!, name), path.join(job.base.folder, name)]
      expect(await readFile(given)).toEqual(await readFile(base))
    }
    expect(await ran()).toBe(0)
  })

  test('the base given back is a copy of its own, of linked files too', async () => {
    const { job, engine } = await setUp(0)
    const linked = path.join(rootOf(job), 'linked.txt')
    await writeFile(linked, 'linked')
    await symlink(linked, path.join(job.base.folder, 'linked.txt'))
    const { path: model } = unwrap(await train({ job, engine, proof: 'ok', onEvent: quiet }))
    await writeFile(path.join(job.folder, model!, 'model.safetensors'), 'changed')
    expect(await readFile(path.join(job.base.folder, 'model.safetensors'), 'utf8')).toBe('base')
    expect(await readFile(path.join(job.folder, model!, 'linked.txt'), 'utf8')).toBe('linked')
  })

  test('a dataset whose proof failed is refused', async () => {
    const { job, engine } = await setUp()
    const refused = await train({ job, engine, proof: 'failed', onEvent: quiet })
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'input', code: 'dataset.unproved' } })
  })

  test('an empty dataset is refused', async () => {
    const { job, engine } = await setUp()
    const empty = { ...job, dataset: { ...job.dataset, samples: [] } }
    expect(await train({ job: empty, engine, proof: 'ok', onEvent: quiet })).toMatchObject({
      failure: { code: 'dataset.empty' },
    })
  })
})

describe('recipes', () => {
  test('every shipped one loads under its own name', async () => {
    const names = ['laptop', 'laptop-fast', 'laptop-lora', 'lora-24gb', 'paper', 'qlora-8b']
    expect([...(await recipeNames())].sort()).toEqual(names)
    for (const name of await recipeNames()) expect(unwrap(await loadRecipe(name)).name).toBe(name)
  })

  test('an unknown name lists the known ones; a wrong override names its field', async () => {
    expect(await loadRecipe('desktop')).toMatchObject({ failure: { code: 'recipe.unknown' } })
    const wrong = await loadRecipe('laptop', { batchSize: 0 })
    expect(wrong).toMatchObject({ failure: { code: 'recipe.invalid' } })
    expect(JSON.stringify(wrong)).toContain('batchSize')
  })
})
