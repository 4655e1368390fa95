import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { isRepository, pushModel, type PushRequest } from './push.js'
import { servePushHub, type HubFaults, type PushHub } from './testing/hub-server.js'

const TOKEN = 'hf_secret123'
const FILES = {
  'README.md': '# a card ü\n',
  'config.json': '{}',
  'one.safetensors': 'weights'.repeat(100_000),
  'two.safetensors': 'more weights',
  'additional_chat_templates/tool_use.jinja': '',
}

let folder: string
let hub: PushHub
let said: string[]

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limi push ü-'))
  for (const [name, content] of Object.entries({ ...FILES, '.hidden': 'x' })) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), content)
  }
  said = []
  hub = await servePushHub()
})
afterEach(async () => {
  await hub.close()
  await rm(folder, { recursive: true, force: true })
})

const push = (more: Partial<PushRequest> = {}) =>
  pushModel({
    ...{ folder, repository: 'owner/name', title: 'a run', token: TOKEN, endpoint: hub.endpoint },
    say: (line) => said.push(line),
    ...more,
  })

async function hubWith(faults: HubFaults): Promise<void> {
  await hub.close()
  hub = await servePushHub(faults)
}

const names = Object.keys(FILES).sort()
const contents = () => Object.fromEntries([...hub.files].map(([name, content]) => [name, content.toString()]))
const uploads = () => hub.requests.filter((each) => each.startsWith('PUT ')).length

describe('a push', () => {
  it('puts the whole folder there, and again sends nothing', async () => {
    const pushed = unwrap(await push())
    expect(pushed.sent).toEqual(names)
    expect(contents()).toEqual(FILES)
    expect(pushed).toMatchObject({ url: `${hub.endpoint}/owner/name`, commit: '1'.padStart(40, '0') })
    const before = hub.requests.length
    expect(unwrap(await push())).toMatchObject({ sent: [], bytes: 0, commit: null })
    expect(hub.requests.slice(before).filter((each) => /commit|upload|PUT/.test(each))).toEqual([])
  })

  it('follows links, of files and of the folder itself', async () => {
    await symlink(path.join(folder, 'config.json'), path.join(folder, 'linked.json'))
    const link = `${folder} link`
    await symlink(folder, link)
    const pushed = unwrap(await push({ folder: link }))
    await rm(link)
    expect(pushed.sent).toEqual([...names, 'linked.json'].sort())
    expect(hub.files.get('linked.json')?.toString()).toBe('{}')
  })

  it('sends what changed alone', async () => {
    unwrap(await push())
    await writeFile(path.join(folder, 'README.md'), '# another\n')
    await writeFile(path.join(folder, 'two.safetensors'), 'other weights')
    expect(unwrap(await push()).sent).toEqual(['README.md', 'two.safetensors'])
    expect(hub.files.get('two.safetensors')?.toString()).toBe('other weights')
    expect(uploads()).toBe(3)
  })

  it('that was cut goes on: what came is not sent again', async () => {
    await hubWith({ cutAfter: 1 })
    expect(await push()).toMatchObject({ ok: false, failure: { kind: 'missing', code: 'network.unreachable' } })
    expect(hub.files.size).toBe(0)
    delete hub.faults.cutAfter
    const before = uploads()
    unwrap(await push())
    expect(contents()).toEqual(FILES)
    expect(uploads() - before).toBe(1)
  })

  it('into a hub that gives no answer ends, and one that forgets is noticed', async () => {
    await hubWith({ stall: true })
    expect(await push({ patienceMs: 300 })).toMatchObject({ failure: { kind: 'underway', code: 'hub.stalled' } })
    await hubWith({ forget: true })
    expect(await push()).toMatchObject({ failure: { kind: 'underway', code: 'hub.cut' } })
  })

  it('is stopped by its signal', async () => {
    await hubWith({ stall: true })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 300)
    expect(await push({ signal: controller.signal })).toMatchObject({ failure: { kind: 'interrupted' } })
  })

  it.each([
    [401, 'input', 'hub.refused'],
    [403, 'input', 'hub.refused'],
    [404, 'input', 'hub.absent'],
    [422, 'input', 'hub.refused'],
    [503, 'underway', 'hub.refused'],
  ])('that is answered with %i says so', async (status, kind, code) => {
    await hubWith({ status })
    expect(await push()).toMatchObject({ ok: false, failure: { kind, code, where: 'hub:owner/name' } })
  })

  it('asks for a private repository, and refuses a public one in its place', async () => {
    unwrap(await push({ isPrivate: true }))
    expect(hub.created).toMatchObject([{ name: 'name', organization: 'owner', type: 'model', visibility: 'private' }])
    expect(unwrap(await push({ isPrivate: true })).sent).toEqual([])
    await hubWith({ publicBefore: true })
    expect(await push({ isPrivate: true })).toMatchObject({ failure: { kind: 'input', code: 'hub.public' } })
    expect(hub.files.size).toBe(0)
  })

  it('needs a token, which goes to the hub and nowhere else', async () => {
    for (const [token, kind] of [
      [undefined, 'missing'],
      ['', 'missing'],
      ['secret', 'input'],
    ] as const)
      expect(await push({ token })).toMatchObject({ failure: { kind, code: 'hub.token' } })
    expect(hub.requests).toEqual([])
    unwrap(await push())
    expect([...hub.tokens]).toEqual([`Bearer ${TOKEN}`])
    expect(said.join()).not.toContain(TOKEN)
    for (const name of names) expect(await readFile(path.join(folder, name), 'utf8')).not.toContain(TOKEN)
  })

  it('to an endpoint that is no address is refused by the variable’s name', async () => {
    const pushed = await push({ endpoint: 'hub.example' })
    expect(pushed).toMatchObject({ ok: false, failure: { code: 'hub.endpoint', where: 'HF_ENDPOINT' } })
    expect(hub.requests).toEqual([])
  })

  it('of a folder that is gone is told as that', async () => {
    await rm(folder, { recursive: true })
    expect(await push()).toMatchObject({ failure: { code: 'file.absent' } })
  })
})

it.each([
  ['owner/name', true],
  ['owner/na.me-1_x', true],
  ['name', false],
  ['a/b/c', false],
  ['../x', false],
  ['owner/', false],
])('%s as a repository: %s', (name, is) => expect(isRepository(name)).toBe(is))
