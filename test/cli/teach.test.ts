import { existsSync, readFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { Query, Selection } from '../../src/nouns/index.js'
import { expectRefusal, limiForTests } from '../support/cli.js'
import { writeTinyModel } from '../support/model.js'
import { writeProject } from '../support/project.js'

const limi = limiForTests()
const root = path.join(limi.place, 'ours ü')
let model = ''
let queries: readonly Query[] = []
beforeAll(async () => {
  queries = await writeProject(root, { count: 8 })
  model = `dir:${await writeTinyModel(path.join(limi.place, 'tiny model'))}`
  await limi.run(root, 'collect', '--agent', 'shell')
})

const ids = (chosen: Selection['chosen']): string[] => chosen.map((one) => one.trajectory)

describe('limi curate', () => {
  it('chooses by seed, with a reason for every one left out, and keeps what it chose', async () => {
    const made = await limi.json<Selection>(root, 'curate', '--name', 'three', '--count', '3', '--seed', '7')
    expect(made.code).toBe(0)
    const { chosen, excluded } = made.data
    expect(chosen).toHaveLength(3)
    expect([...ids(chosen), ...excluded.map((one) => one.trajectory)].sort()).toEqual(
      queries.map((query) => `pool-${query.id}`).sort(),
    )
    expect(excluded.every((one) => one.reason !== '')).toBe(true)
    const file = path.join(root, 'selections/three.yaml')
    const before = await readFile(file, 'utf8')
    await rm(file)
    const text = await limi.run(root, 'curate', '--name', 'three', '--count', '3', '--seed', '7')
    expect(text.stdout).toMatch(/^3 chosen, 5 left out {2}→ selections\/three\.yaml\n(?: +\d+ {2}[a-z-]+\n?)+$/u)
    expect(await readFile(file, 'utf8')).toBe(before)
  })

  it('says no where nothing can be chosen, and refuses a name that leaves the folder', async () => {
    const none = await limi.run(root, 'curate', '--name', 'none', '--campaign', 'no-such')
    expect([none.code, none.stdout]).toEqual([1, '0 chosen, 0 left out  → selections/none.yaml'])
    expect(none.stderr).toMatch(/^warning: selection none: 0 chosen, 78 fewer/mu)
    expectRefusal(await limi.run(root, 'curate', '--name', '../outside'), {
      code: 'id.invalid',
      what: /cannot be an id/,
      where: /selections$/,
    })
    expect(existsSync(path.join(root, 'outside.yaml'))).toBe(false)
  })
})

describe('limi dataset and train', () => {
  it('build, check and show a dataset with its proof', async () => {
    const built = await limi.json<{ samples: number; tokens: number; trainedTokens: number; proof: string }>(
      root,
      ...['dataset', 'build', '--selection', 'three', '--model', model],
    )
    expect([built.code, built.data.samples, built.data.proof]).toEqual([0, 3, 'ok'])
    expect(built.data.trainedTokens).toBeGreaterThan(0)
    expect(built.data.tokens).toBeGreaterThan(built.data.trainedTokens)
    const checked = await limi.json<{ status: string; samples: number }>(root, 'dataset', 'check', 'three')
    expect([checked.code, checked.data]).toEqual([0, { status: 'ok', samples: 3 }])
    const shown = await limi.run(root, 'dataset', 'show', 'three')
    expect(shown.stdout).toMatch(/^three: 3 samples, [\d,]+ tokens, \d+% train.*proof ok\n/u)
    const figures = await limi.json<{ samples: { id: string }[] }>(root, 'dataset', 'show', 'three')
    expect(figures.data.samples).toHaveLength(3)
    const sample = figures.data.samples[2]?.id ?? ''
    expect(shown.stdout).toContain(sample)
    const tokens = await limi.run(root, 'dataset', 'show', 'three', sample)
    expect([tokens.code, tokens.stdout.length > 200]).toEqual([0, true])
    expectRefusal(await limi.run(root, 'dataset', 'show', 'three', 'nobody'), {
      code: 'sample.absent',
      what: /nobody/,
      todo: /dataset show/,
    })
    expectRefusal(await limi.run(root, 'dataset', 'build', '--selection', 'none-such', '--model', model), {
      code: 'selection.absent',
      what: /none-such/,
      where: /none-such\.yaml$/,
    })
    expectRefusal(await limi.run(root, 'dataset', 'build', '--selection', '../x', '--model', model), {
      code: 'id.invalid',
      what: /cannot be an id/,
    })
    expectRefusal(await limi.run(root, 'dataset', 'build', '--selection', 'three', '--model', 'dir:start'), {
      code: 'model.absent',
      what: /start/,
    })
  })

  it('give the base back for no steps, and say where it comes from', async () => {
    const trained = await limi.json<{ steps: number; checkpoint: string; loss: number[] }>(
      root,
      'train',
      '--dataset',
      'three',
      '--steps',
      '0',
      '--run',
      'zero',
    )
    expect([trained.code, trained.data]).toMatchObject([
      0,
      { steps: 0, loss: [], engine: 'trl', checkpoint: 'checkpoint:zero' },
    ])
    const weights = (folder: string) => readFileSync(path.join(folder, 'model.safetensors'))
    expect(weights(path.join(root, 'training/zero/model'))).toEqual(weights(model.slice('dir:'.length)))
    const text = await limi.run(root, 'train', '--dataset', 'three', '--steps', '0', '--run', 'zero')
    expect(text.stdout).toMatch(
      /^zero was finished already: nothing was done\n0 steps on 0 tokens in 0 s, no steps {2}→ checkpoint:zero$/u,
    )
    const why = await limi.run(root, 'why', 'zero')
    const kinds = why.stdout.split('\n').map((line) => line.trim().replace(/^← /u, '').split(' ')[0])
    expect(kinds.slice(0, 7)).toEqual(['checkpoint', 'model', 'dataset', 'selection', 'trajectory', 'query', 'source'])
    expect(why.stdout).toMatch(/← source shell: generated with \{/u)
    const tree = await limi.json<{ kind: string; id: string; from: { kind: string }[] }>(root, 'why', 'checkpoint:zero')
    expect([tree.data.kind, tree.data.id, tree.data.from.map((one) => one.kind)]).toEqual([
      'checkpoint',
      'zero',
      ['model', 'dataset'],
    ])
    const file = path.join(root, 'selections/three.yaml')
    const chosen = await readFile(file, 'utf8')
    const taught = [...why.stdout.matchAll(/← trajectory (\S+):/gu)].map(([, id]) => id)
    const other = parse(chosen) as Selection
    await writeFile(file, stringify({ ...other, chosen: other.chosen.slice(1) }))
    const later = await limi.run(root, 'why', 'zero')
    expect(later.stdout).toMatch(/← selection three: digest [0-9a-f]{12}; what lies there now is another one; \d traj/u)
    expect([...later.stdout.matchAll(/← trajectory (\S+):/gu)].map(([, id]) => id)).toEqual(taught)
    await writeFile(file, chosen)
    expectRefusal(await limi.run(root, 'why', '../three'), {
      code: 'why.unknown',
      what: /nothing in this project/,
      todo: /limi status/,
    })
  })

  it('refuse to train what is unproved, unknown, or needs what is not here', async () => {
    const train = (...more: string[]) => limi.run(root, 'train', '--dataset', 'three', ...more)
    expectRefusal(await train('--recipe', 'laptopp'), { code: 'recipe.unknown', what: /laptopp/, todo: /laptop/ })
    expectRefusal(await train('--run', '../x'), { code: 'id.invalid', what: /cannot be an id/ })
    expectRefusal(await limi.run(root, 'train', '--dataset', 'four'), {
      code: 'dataset.absent',
      what: /four/,
      todo: /dataset build/,
    })
    const missing = await limi.json(root, 'train', '--dataset', 'three', '--steps', '1')
    expect([missing.code, missing.data.error?.code]).toEqual([3, 'python.missing'])
    expect(missing.data.error?.remedy).toMatch(/install/)
    const file = path.join(root, 'datasets/three/manifest.json')
    const whole = await readFile(file, 'utf8')
    await writeFile(file, whole.replace('"proof": "ok"', '"proof": "failed"'))
    expectRefusal(await train('--steps', '0'), { code: 'dataset.unproved', what: /proof/, todo: /dataset check/ })
    await writeFile(file, whole)
  })

  it('say which sample is not what was said', async () => {
    const file = path.join(root, 'datasets/three/samples.jsonl')
    const whole = await readFile(file, 'utf8')
    const [first = '', ...rest] = whole.split('\n')
    const sample = JSON.parse(first) as { labels: number[] }
    sample.labels[0] = 5
    await writeFile(file, [JSON.stringify(sample), ...rest].join('\n'))
    const checked = await limi.run(root, 'dataset', 'check', 'three')
    expect(checked.code).toBe(1)
    expect(checked.stdout).toMatch(/:/)
    await writeFile(file, whole)
    const [chosen] = ids(
      (await limi.json<Selection>(root, 'curate', '--name', 'three', '--count', '3', '--seed', '7')).data.chosen,
    )
    await rm(path.join(root, `trajectories/${chosen ?? ''}.jsonl`))
    expectRefusal(await limi.run(root, 'dataset', 'check', 'three'), {
      code: 'selection.stale',
      what: /is gone/,
      where: /three\.yaml$/,
      todo: /curate again/,
    })
  })
})
