import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shapeOf } from './index.js'
import { modelFolder } from './testing/model-folder.js'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limi shape ü-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('the shape of a model', () => {
  test('an embedding counts as work only where it is the output layer too', async () => {
    const layer = { 'model.layers.0.mlp.up_proj.weight': [4, 5], 'model.norm.weight': [5] }
    const config = { num_hidden_layers: 1, hidden_size: 5, vocab_size: 7 }
    const tied = await modelFolder(root, config, { 'model.embed_tokens.weight': [7, 5], ...layer })
    expect(await shapeOf(tied)).toEqual({
      parameters: 60,
      active: 60,
      layers: 1,
      hidden: 5,
      vocabulary: 7,
      linearEdges: 9,
    })
    const own = { 'model.embed_tokens.weight': [7, 5], 'lm_head.weight': [7, 5], ...layer }
    expect(await shapeOf(await modelFolder(root, config, own))).toMatchObject({
      parameters: 95,
      active: 60,
      linearEdges: 9,
    })
  })

  test('of experts only those that a token is sent to count', async () => {
    const config = { num_hidden_layers: 1, hidden_size: 4, vocab_size: 7, num_experts: 8, num_experts_per_tok: 2 }
    const shapes = { 'model.layers.0.mlp.experts.gate_up_proj': [8, 4, 4], 'model.norm.weight': [4] }
    expect(await shapeOf(await modelFolder(root, config, shapes))).toMatchObject({ parameters: 132, active: 36 })
  })

  test('weights cut short, or no weights at all, have none', async () => {
    const folder = await mkdtemp(path.join(root, 'cut-'))
    await writeFile(path.join(folder, 'config.json'), '{"num_hidden_layers":1,"hidden_size":4,"vocab_size":7}')
    expect(await shapeOf(folder)).toBeNull()
    await writeFile(path.join(folder, 'model.safetensors'), Buffer.from([255, 255, 255, 255, 255, 255, 0, 0, 1]))
    expect(await shapeOf(folder)).toBeNull()
  })
})
