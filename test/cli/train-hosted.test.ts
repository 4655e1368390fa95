import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FakeService, KEY } from '../../src/stages/training/hosted/testing/service.js'
import { expectRefusal, limiForTests } from '../support/cli.js'
import { writeTinyModel } from '../support/model.js'
import { writeConfig, writeProject } from '../support/project.js'

const limi = limiForTests({ THEIR_KEY: KEY })
const root = path.join(limi.place, 'ours')
const events = [{ id: 'e1', message: 'Step 1', data: { step: 1, total_steps: 1, train_loss: 0.5 } }]
const succeeded = { status: 'succeeded', fine_tuned_model: 'ft:tuned', trained_tokens: 99 }
const quick = new FakeService({ states: [succeeded], events })
const endless = new FakeService({ states: [{ status: 'running' }] })
afterAll(() => Promise.all([quick.close(), endless.close()]))

beforeAll(async () => {
  await writeProject(root, { count: 4 })
  const of = (baseUrl: string) => ({ baseUrl, model: 'base-1', apiKeyEnv: 'THEIR_KEY' })
  const models = { expert: { ref: 'script:scripts/expert.jsonl' } }
  await writeConfig(root, {
    models: { ...models, theirs: of(await quick.open()), slow: of(await endless.open()) },
  })
  const model = await writeTinyModel(path.join(limi.place, 'tiny'))
  await limi.run(root, 'collect', '--agent', 'shell')
  await limi.run(root, 'curate', '--name', 'taught', '--count', '3')
  await limi.run(root, 'dataset', 'build', '--selection', 'taught', '--model', `dir:${model}`)
})

const train = (...more: readonly string[]) => ['train', '--dataset', 'taught', '--engine', 'hosted', ...more]

it('a model of limi.yaml is trained where it is served, from messages, and its key is nowhere', async () => {
  const made = await limi.json<{ run: string; base: string; loss: number[]; tokens: number }>(
    root,
    ...train('--base', 'theirs', '--epochs', '1'),
  )
  expect([made.code, made.data]).toMatchObject([0, { base: 'theirs', engine: 'hosted', loss: [0.5], tokens: 99 }])
  expect(made.stderr).toMatch(/plan /u)
  const manifest = await readFile(path.join(root, 'training/taught/manifest.json'), 'utf8')
  expect(JSON.parse(manifest)).toMatchObject({ hosted: { model: 'ft:tuned', apiKeyEnv: 'THEIR_KEY' } })
  const begun = await readFile(path.join(root, 'training/taught/begun.json'), 'utf8')
  expect(`${manifest}${begun}${made.stderr}${made.stdout}`).not.toContain(KEY)
  const lines = [...quick.files.values()].join('').match(/"role":\s*"assistant"/gu) ?? []
  expect(lines.length).toBeGreaterThanOrEqual(3)
  expectRefusal(await limi.run(root, 'train', 'push', 'taught', '--hub', 'owner/name'), {
    code: 'checkpoint.hosted',
    what: /ft:tuned/,
  })
})

it('stop ends the job at the service too', async () => {
  const training = limi.start(root, ...train('--base', 'slow', '--epochs', '1', '--run', 'slow'))
  for (let tries = 0; endless.jobs.length === 0 && tries < 200; tries += 1) await sleep(100)
  const stopped = await limi.run(root, 'train', 'stop', 'slow')
  expect([stopped.code, endless.cancelled, (await training).exitCode]).toEqual([0, 1, 130])
})

it('refuses a base that no service has, and no base at all', async () => {
  const told = { code: 'model.not-hosted', what: /service/ }
  expectRefusal(await limi.run(root, ...train('--run', 'x')), told)
  expectRefusal(await limi.run(root, ...train('--run', 'x', '--base', 'dir:tiny')), told)
  expectRefusal(await limi.run(root, ...train('--run', 'x', '--base', 'unknown')), {
    code: 'engine.setting',
    what: /baseUrl/,
  })
})
