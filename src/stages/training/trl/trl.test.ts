import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { done, type Recipe, type Result } from '../../../nouns/index.js'
import type { TrainedModel, TrainingEvent, TrainingJob } from '../engine.js'
import { lastCheckpoint } from '../local/index.js'
import { rootOf, smallJob } from '../testing/small-job.js'
import { trlEngine } from './engine.js'
import { parseEvent } from './events.js'
import { layoutOf } from './layout.js'
import { secondsOf } from './progress.js'
import { END, fakePython, START, step, WEIGHTS } from './testing/fake-python.js'

const roots: string[] = []
afterEach(async () => {
  for (const root of roots.splice(0)) await rm(root, { recursive: true, force: true })
})

interface Ran {
  readonly result: Result<TrainedModel>
  readonly events: readonly TrainingEvent[]
  readonly job: TrainingJob
}

async function run(
  body: string,
  options: {
    signal?: AbortSignal
    onEvent?: (e: TrainingEvent) => void
    stallMs?: number
    recipe?: Partial<Recipe>
  } = {},
): Promise<Ran> {
  const job = await smallJob(options.recipe)
  roots.push(rootOf(job))
  const python = await fakePython(rootOf(job), body)
  const cacheRoot = path.join(rootOf(job), 'cache')
  const engine = trlEngine({
    cacheRoot,
    environment: async () => done({ python, versions: { trl: '1' } }),
    stallMs: options.stallMs,
  })
  const events: TrainingEvent[] = []
  const onEvent = (event: TrainingEvent): void => {
    events.push(event)
    options.onEvent?.(event)
  }
  await engine.prepare(job)
  return { result: await engine.run(job, { onEvent, signal: options.signal }), events, job }
}

describe('a run', () => {
  test('tells its progress and gives weights with the tokenizer of the base', async () => {
    const { result, events, job } = await run([START, step(1), step(2), step(3), WEIGHTS, END].join('\n'))
    expect(result).toMatchObject({ ok: true, value: { tokens: 30, loss: [{ step: 1, loss: 0.1, learningRate: 0 }] } })
    expect(events.map(({ type }) => type)).toEqual(['started', 'step', 'step', 'step'])
    expect(events.at(-1)).toMatchObject({ step: 3, steps: 3, secondsLeft: 0 })
    const { model } = layoutOf(job.folder)
    expect(await readFile(path.join(model, 'model.safetensors'), 'utf8')).toBe('trained\n')
    expect(await readFile(path.join(model, 'tokenizer.json'), 'utf8')).toBe('{"a":1}')
  })

  test('a line that is no event, or is cut, is passed over', async () => {
    const { result } = await run([START, `echo 'noise' >&3`, WEIGHTS, END, `printf '{"event":"st' >&3`].join('\n'))
    expect(result.ok).toBe(true)
  })

  test('a loss that is not a number names the step and a remedy', async () => {
    const line = `echo '{"event":"failed","code":"not-finite","message":"loss is nan","step":2}' >&3`
    const { result } = await run([START, step(1), line, 'exit 20'].join('\n'))
    expect(result).toMatchObject({ ok: false, failure: { code: 'training.not-finite' } })
    expect(JSON.stringify(result)).toMatch(/step 2.*learningRate/)
  })

  test('killed from outside', async () => {
    const { result } = await run([START, step(1), 'kill -9 $$'].join('\n'))
    expect(result).toMatchObject({ ok: false, failure: { kind: 'underway', code: 'training.killed' } })
  })

  test('a full disk', async () => {
    const line = `echo '{"event":"failed","code":"error","message":"OSError: [Errno 28] No space left on device","step":null}' >&3`
    const { result } = await run([START, line, 'exit 1'].join('\n'))
    expect(result).toMatchObject({ ok: false, failure: { kind: 'underway', code: 'disk.full' } })
  })

  test('a GPU without memory names what to change, from what costs least', async () => {
    const line = `echo '{"event":"failed","code":"error","message":"OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB","step":null}' >&3`
    const remedyOf = async (recipe: Partial<Recipe>) => {
      const { result } = await run([START, line, 'exit 1'].join('\n'), { recipe })
      expect(result).toMatchObject({ ok: false, failure: { kind: 'underway', code: 'training.out-of-memory' } })
      return result.ok ? '' : result.failure.remedy
    }
    expect(await remedyOf({ batchSize: 12 })).toContain('microBatch: 6')
    expect(await remedyOf({ batchSize: 12, microBatch: 3 })).toContain('microBatch: 1')
    expect(await remedyOf({ microBatch: 1 })).toContain('gradientCheckpointing: true')
    expect(await remedyOf({ microBatch: 1, gradientCheckpointing: true })).toContain('LoRA')
  })

  test('killed after it had held much memory, it says how much', async () => {
    const held = step(1).replace('"tokens"', '"memory":20000000000,"tokens"')
    const { result, events } = await run([START, held, 'kill -9 $$'].join('\n'))
    expect(JSON.stringify(result)).toContain('20.0 GB of memory at most')
    expect(events).toContainEqual(expect.objectContaining({ type: 'step', memoryBytes: 20_000_000_000 }))
  })

  test('an engine that hangs is ended, and what it had saved is still there', async () => {
    const save = `mkdir -p output/checkpoint-1 && echo '{"global_step":1}' > output/checkpoint-1/trainer_state.json`
    const body = [START, step(1), save, `echo '{"event":"saved","step":1}' >&3`, 'sleep 60'].join('\n')
    const { result, events, job } = await run(body, { stallMs: 300 })
    expect(result).toMatchObject({ ok: false, failure: { kind: 'underway', code: 'training.stalled' } })
    expect(events.at(-1)).toMatchObject({ type: 'warning', code: 'stalled' })
    expect(await lastCheckpoint(layoutOf(job.folder).output)).toMatchObject({ step: 1 })
  })

  test('signs of life keep it running', async () => {
    const alive = `for i in 1 2 3 4 5 6; do sleep 0.1; echo '{"event":"alive"}' >&3; done`
    const { result } = await run([START, step(1), alive, WEIGHTS, END].join('\n'), { stallMs: 400 })
    expect(result.ok).toBe(true)
  })

  test('a package that does not load', async () => {
    const { result } = await run(`echo "ModuleNotFoundError: No module named 'trl'" >&2; exit 1`)
    expect(result).toMatchObject({ ok: false, failure: { kind: 'missing', code: 'environment.broken' } })
  })

  test('anything else brings the last lines of the log', async () => {
    const { result } = await run('echo "ValueError: what is this" >&2; exit 1')
    expect(result).toMatchObject({
      ok: false,
      failure: { code: 'training.failed', message: 'ValueError: what is this' },
    })
  })

  test('a stop is passed on as one SIGINT, and what it saved is told', async () => {
    const saved = `echo '{"event":"interrupted","step":1}' >&3; exit 130`
    const controller = new AbortController()
    const body = [`trap '${saved.replaceAll("'", `'"'"'`)}' INT`, START, step(1), 'while :; do sleep 0.05; done'].join(
      '\n',
    )
    const onEvent = (event: TrainingEvent): void => {
      if (event.type === 'step') controller.abort()
    }
    const { result } = await run(body, { signal: controller.signal, onEvent })
    expect(result).toMatchObject({ ok: false, failure: { kind: 'interrupted' } })
    expect(JSON.stringify(result)).toContain('after step 1')
  })
})

test('the files that a person can run alone: exact samples, and options that cut nothing', async () => {
  const { job } = await run('exit 1')
  const { config, data } = layoutOf(job.folder)
  const text = await readFile(config, 'utf8')
  expect(text).toContain('python -m trl.scripts.sft --config run.yaml')
  expect(parse(text)).toMatchObject({ max_length: null, packing: false, padding_free: false, dataset_name: 'data' })
  expect(await readFile(data, 'utf8')).toBe('{"input_ids":[5,6,7],"labels":[-100,6,7]}\n')
})

test('seconds are summed over attempts', () => {
  const event = (text: string, seconds: number) => ({ event: parseEvent(text)!, seconds })
  const start = '{"event":"start","steps":9,"from":0,"threads":1,"device":"cpu"}'
  const saved = '{"event":"saved","step":1}'
  expect(secondsOf([event(start, 1), event(saved, 5), event(start, 2), event(saved, 7)])).toBe(12)
})
