import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failed, unwrap } from '../../../../nouns/index.js'
import { locateTokenizer, type HubAccess } from './index.js'
import { COMMIT, serveHub, type HubServer } from './testing/hub-server.js'

const FILES = {
  'README.md': 'about',
  'model.safetensors': 'weights',
  'onnx/tokenizer.json': 'another',
  'additional_chat_templates/tool_use.jinja': 'with tools',
  'additional_chat_templates/notes.txt': 'not a template',
  'tokenizer.json': '{"é": 1}',
  'tokenizer_config.json': '{}',
  'chat_template.jinja': 'x',
  'generation_config.json': '{"eos_token_id": 1}',
  'config.json': '{}',
}

const NEEDED = [
  'additional_chat_templates/tool_use.jinja',
  'chat_template.jinja',
  'config.json',
  'generation_config.json',
  'manifest.json',
  'tokenizer.json',
  'tokenizer_config.json',
]

let root: string
let hub: HubServer
let said: string[]

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limi hub ü-'))
  said = []
})

afterEach(async () => {
  await hub.close()
  await rm(root, { recursive: true, force: true })
})

const locate = (name: string, access: Partial<HubAccess> = {}, signal?: AbortSignal) =>
  locateTokenizer(name, {
    cacheRoot: path.join(root, 'cache'),
    root,
    trainingFolder: path.join(root, 'training'),
    environment: async () => failed({ kind: 'missing', code: 'not-needed', message: 'no Python is needed' }),
    announce: (line) => said.push(line),
    signal,
    hub: { endpoint: hub.endpoint, ...access },
  })

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort()
}

describe('a tokenizer from a hub', () => {
  it('is fetched once, what is needed of it alone, and kept by commit', async () => {
    hub = await serveHub(FILES)
    const { folder } = unwrap(await locate('hub:owner/name'))
    expect(path.basename(folder)).toBe(COMMIT)
    expect(await filesIn(folder)).toEqual(NEEDED)
    expect(await readFile(path.join(folder, 'tokenizer.json'), 'utf8')).toBe(FILES['tokenizer.json'])
    expect(hub.requests.some((each) => /safetensors|README|onnx\//.test(each.path))).toBe(false)
  })

  it('is taken from the cache without a network, which is said', async () => {
    hub = await serveHub(FILES)
    const first = unwrap(await locate('hub:owner/name@v1'))
    await hub.close()
    expect(unwrap(await locate('hub:owner/name@v1')).folder).toBe(first.folder)
    expect(unwrap(await locate(`hub:owner/name@${COMMIT}`)).folder).toBe(first.folder)
    expect(said.at(-1)).toMatch(new RegExp(`from the cache \\(commit ${COMMIT}, fetched \\d{4}-`))
    expect(await locate('hub:owner/name@other')).toMatchObject({
      ok: false,
      failure: { kind: 'missing', code: 'network.unreachable' },
    })
  })

  it('of a private repository needs a token, which is never written', async () => {
    hub = await serveHub(FILES, { private: true })
    expect(await locate('hub:owner/name')).toMatchObject({
      ok: false,
      failure: { kind: 'input', code: 'hub.refused', remedy: expect.stringContaining('HF_TOKEN') },
    })
    const token = 'hf_secret123'
    const { folder } = unwrap(await locate('hub:owner/name', { token }))
    expect(hub.requests.at(-1)?.token).toBe(`Bearer ${token}`)
    for (const file of await filesIn(path.join(root, 'cache')))
      expect(await readFile(path.join(root, 'cache', file), 'utf8')).not.toContain(token)
    expect(said.join()).not.toContain(token)
    expect(await filesIn(folder)).toEqual(NEEDED)
  })

  it('is not taken half: what failed underway is fetched again', async () => {
    hub = await serveHub(FILES, { cut: true })
    expect(await locate('hub:owner/name')).toMatchObject({ ok: false, failure: { code: 'hub.cut' } })
    await hub.close()
    hub = await serveHub(FILES)
    const { folder } = unwrap(await locate('hub:owner/name'))
    expect(await readFile(path.join(folder, 'tokenizer.json'), 'utf8')).toBe(FILES['tokenizer.json'])
    expect(await filesIn(folder)).toEqual(NEEDED)
  })

  it.each([
    ['no such repository', 'hub:owner/other', {}, 'model.absent'],
    ['no such revision', 'hub:owner/name@gone', {}, 'model.absent'],
    ['a token that is none', 'hub:owner/name', { token: 'x' }, 'hub.token'],
    ['an endpoint that is no address', 'hub:owner/name', { endpoint: 'hub.example' }, 'hub.endpoint'],
  ])('%s', async (_name, ref, access, code) => {
    hub = await serveHub(FILES)
    expect(await locate(ref, access)).toMatchObject({ ok: false, failure: { kind: 'input', code } })
  })

  it('a repository without one', async () => {
    hub = await serveHub({ 'README.md': 'x' })
    expect(await locate('hub:owner/name')).toMatchObject({ ok: false, failure: { code: 'model.absent' } })
  })

  it('a hub that is out of order, and one that is stopped', async () => {
    hub = await serveHub(FILES, { status: 503 })
    expect(await locate('hub:owner/name')).toMatchObject({ ok: false, failure: { kind: 'underway' } })
    expect(await locate('hub:owner/name', {}, AbortSignal.abort())).toMatchObject({
      ok: false,
      failure: { kind: 'interrupted' },
    })
  })
})
