import { rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { readyEnvironment } from '../../src/shared/python/index.js'
import { askPython } from '../../src/shared/python/testing/index.js'
import { limiForTests } from '../support/cli.js'
import { writeTinyModel } from '../support/model.js'
import { AGENT, writeConfig, writeProject } from '../support/project.js'

/** The cache whose engine LIMI_TEST_PYTHON names, as limi itself lays it out; a Python from elsewhere is no engine of limi's. */
const cache = path.resolve(process.env['LIMI_TEST_PYTHON'] ?? '.limi/engines/trl', '..', '..')
const environment = process.env['LIMI_TEST_PYTHON'] === undefined ? null : await readyEnvironment(cache, 'trl')
const limi = limiForTests({ LIMI_CACHE: cache, OMP_NUM_THREADS: '1' })
const root = path.join(limi.place, 'ours')

const WEIGHTS = `
import sys, torch
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
torch.manual_seed(0)
sizes = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=1)
config = LlamaConfig(vocab_size=len(tokenizer), max_position_embeddings=4096, eos_token_id=tokenizer.eos_token_id, **sizes)
LlamaForCausalLM(config).save_pretrained(sys.argv[1])
print("null")
`

describe.skipIf(environment === null)(
  'limi train with TRL itself (skips unless LIMI_TEST_PYTHON is an engine of a LIMI_CACHE)',
  { timeout: 400_000 },
  () => {
    beforeAll(async () => {
      await writeProject(root, { count: 8 })
      await writeConfig(root, { agents: { shell: AGENT, brief: { ...AGENT, maxTurns: 1, maxTokens: 8 } } })
      const model = await writeTinyModel(path.join(limi.place, 'tiny'))
      await rm(path.join(model, 'model.safetensors'))
      if (environment === null) return
      await askPython({ environment, cacheRoot: cache }, WEIGHTS, model)
      const agent = ['--agent', 'brief', '--tasks', 'heldOutValues=2', '--rounds', '1']
      for (const command of [
        ['collect', '--agent', 'shell'],
        ['curate', '--name', 'taught', '--count', '3'],
        ['dataset', 'build', '--selection', 'taught', '--model', `dir:${model}`],
        ['eval', 'run', 'shell', '--model', `dir:${model}`, '--id', 'base', ...agent],
      ]) {
        const ended = await limi.run(root, ...command)
        expect(ended.code, ended.stderr).toBe(0)
      }
    }, 400_000)

    it('trains, says what was expected and what came out, and checks what was forgotten', async () => {
      const args = ['--dataset', 'taught', '--epochs', '2', '--save-every', '1', '--forgetting', 'base']
      const made = await limi.json<{ steps: number; loss: number[]; forgetting: { verdict: string } }>(
        root,
        'train',
        ...args,
      )
      expect([made.code, made.data]).toMatchObject([0, { steps: 2, forgetting: { verdict: 'not-shown' } }])
      expect(made.data.loss).toHaveLength(2)
      expect(made.data.loss[1]).toBeLessThan(made.data.loss[0] ?? 0)
      expect(made.stderr).toMatch(/plan .*2 steps/u)
      const status = await limi.run(root, 'train', 'status', 'taught')
      expect(status.stdout).toMatch(/^taught: finished, step 2 of 2$/mu)
      expect(status.stdout).toMatch(/^memory +\d/mu)
    })

    it('checks what was forgotten after a run that was stopped and resumed', async () => {
      const run = ['--run', 'stopped', '--steps', '160', '--save-every', '5']
      const training = limi.start(root, 'train', '--dataset', 'taught', ...run, '--forgetting', 'base')
      for (let step = 0; step < 3;) {
        await sleep(500)
        const status = await limi.json<{ step?: number }>(root, 'train', 'status', 'stopped')
        step = status.data.step ?? 0
      }
      const stopped = await limi.run(root, 'train', 'stop', 'stopped')
      expect([stopped.code, stopped.stdout]).toEqual([0, expect.stringMatching(/at step \d+, saved at step [1-9]/u)])
      expect((await training).exitCode).toBe(130)
      const resumed = await limi.json<{ steps: number; forgetting: { verdict: string } }>(
        root,
        ...['train', 'resume', 'stopped'],
      )
      expect([resumed.code, resumed.data]).toMatchObject([0, { steps: 160, forgetting: { verdict: 'not-shown' } }])
      expect(resumed.stderr).toMatch(/going on from step \d+ of 160/u)
    })
  },
)
