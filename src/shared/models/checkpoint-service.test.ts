import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failed, Recipe, unwrap, type Checkpoint } from '../../nouns/index.js'
import { writeManifest } from '../project/index.js'
import { serveModel } from '../wire/index.js'
import { locateModel, openModel, scriptedModel, type ModelEvent } from './index.js'

let root: string
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limi service ü-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const KEY = 'a-key-of-the-service'

async function writeRun(run: string, hosted: Checkpoint['hosted']): Promise<void> {
  const recipe = { name: 'r', method: 'full', learningRate: 1, schedule: 'cosine', warmup: 0, batchSize: 1, steps: 1 }
  const checkpoint: Checkpoint = {
    format: 'limi.manifest/1',
    kind: 'checkpoint',
    id: run,
    created: new Date().toISOString(),
    made: { inputs: {}, parameters: {}, versions: {} },
    digest: 'd',
    engine: 'hosted',
    base: { name: 'b', digest: 'b' },
    dataset: { id: 'd', digest: 'd', proof: 'ok' },
    recipe: Recipe.parse(recipe),
    ...{ steps: 1, tokens: 1, seconds: 1, loss: [], hardware: {} },
    hosted,
  }
  unwrap(await writeManifest(path.join(root, 'training', run), checkpoint))
}

const open = (name: string, env: Record<string, string>) =>
  openModel(name, { config: { mine: { ref: 'checkpoint:far' } }, projectRoot: root, env })

describe('a run whose weights a service keeps', () => {
  test('answers there as checkpoint:RUN, with the key of the environment', async () => {
    const script = scriptedModel('ft:base:7', [{ request: 'hi', replies: [{ text: 'from afar' }] }])
    const served = unwrap(await serveModel(script, { apiKey: KEY }))
    await writeRun('far', { baseUrl: served.baseUrl, model: 'ft:base:7', job: 'j', apiKeyEnv: 'FAR_KEY' })
    try {
      for (const name of ['checkpoint:far', 'mine']) {
        const { model } = unwrap(await open(name, { FAR_KEY: KEY }))
        expect(model.name).toBe(name)
        const events: ModelEvent[] = []
        const messages = [{ id: 'm', role: 'user' as const, origin: 'human' as const, content: 'hi' }]
        for await (const event of model.stream({ messages, tools: [], params: {} })) events.push(event)
        expect(events).toContainEqual({ type: 'text', text: 'from afar' })
      }
      expect(await open('checkpoint:far', {})).toMatchObject({
        failure: { code: 'model.key-missing', where: 'FAR_KEY' },
      })
    } finally {
      await served.close()
    }
  })

  test('has no folder to train or serve from, and says where it is', async () => {
    await writeRun('far', { baseUrl: 'http://127.0.0.1:9/v1', model: 'ft:base:7', job: 'j' })
    const located = await locateModel('checkpoint:far', {
      cacheRoot: root,
      root,
      trainingFolder: path.join(root, 'training'),
      environment: async () => failed({ kind: 'missing', code: 'no', message: 'no' }),
      announce: () => undefined,
    })
    expect(located).toMatchObject({ ok: false, failure: { kind: 'input', code: 'checkpoint.hosted' } })
  })
})
