import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../src/nouns/index.js'
import { trajectoryStore, type StoredTrajectory } from '../../src/stages/trajectories/index.js'
import { limiForTests } from '../support/cli.js'

const limi = limiForTests()
const project = path.join(limi.place, 'p')
const recordings = path.join(project, 'recordings')
const trajectories = path.join(project, 'trajectories')

/** Asks twice, and shows the first answer in the second request. */
const AGENT = `
const messages = [{ role: 'system', content: 'You greet.' }, { role: 'user', content: 'Hello?' }]
const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }]
for (let turn = 0; turn < 2; turn += 1) {
  const response = await fetch(process.env.OPENAI_BASE_URL + '/chat/completions', {
    method: 'POST',
    headers: { authorization: 'Bearer sk-very-secret-key', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', stream: true, messages, tools }),
  })
  await response.text()
  messages.push({ role: 'assistant', content: 'Hi.' }, { role: 'user', content: 'And you?' })
}
`
const event = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'x', model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`

let asked = 0
let hangs = false
/** Says "Hi.", and then "Fine.", or half of it. */
const model: Server = createServer((request, response) => {
  request.resume().on('end', () => {
    asked += 1
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(event({ role: 'assistant', content: asked === 1 ? 'Hi.' : 'Fi' }))
    if (asked === 2) {
      if (hangs) return
      response.write(event({ content: 'ne.' }))
    }
    response.end(`${event({}, 'stop')}data: [DONE]\n\n`)
  })
})

beforeAll(async () => {
  await mkdir(project)
  await limi.run(project, 'init')
  await writeFile(path.join(project, 'agent.mjs'), AGENT)
  await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  model.closeAllConnections()
  model.close()
})

const command = () => [
  ...['record', '--json', '--outcome', 'success', '--note', 'neat'],
  ...['--upstream', `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`],
  ...['--', process.execPath, path.join(project, 'agent.mjs')],
]
const read = async (id: string): Promise<StoredTrajectory> => unwrap(await trajectoryStore(trajectories).read(id))
const importRun = (id: string) =>
  limi.json<{ imported: readonly object[] }>(project, 'trajectories', 'import', path.join('recordings', id))
const imported = async (id: string) => (await importRun(id)).data.imported

describe('limi trajectories import recordings/…', () => {
  it('makes again what limi record made, where it is gone; where it is there, it stays', async () => {
    asked = 0
    const { trajectory: id } = JSON.parse((await limi.run(project, ...command())).stdout) as { trajectory: string }
    const made = await read(id)
    const file = path.join(trajectories, `${id}.jsonl`)
    const bytes = readFileSync(file, 'utf8')
    expect(await imported(id)).toMatchObject([{ id, placed: 'kept', complete: true }])
    expect(readFileSync(file, 'utf8')).toBe(bytes)
    rmSync(file)
    expect(await imported(id)).toMatchObject([{ id, placed: 'new', complete: true }])
    const again = await read(id)
    expect({ ...again, source: null, extra: null }).toEqual({ ...made, source: null, extra: null })
    expect(again.source).toMatchObject(made.source)
    expect(again.extra).toMatchObject(made.extra ?? {})
    expect(made).toMatchObject({ complete: true, outcome: { status: 'success' }, extra: { note: 'neat' } })
  })

  it('has of a recording that was killed all up to its last complete event', async () => {
    asked = 0
    hangs = true
    const before = new Set(readdirSync(recordings))
    const running = limi.start(project, ...command())
    const logOf = () =>
      readdirSync(recordings)
        .filter((id) => !before.has(id))
        .map((id) => path.join(recordings, id, 'wire.jsonl'))
    await expect
      .poll(() => logOf().some((log) => existsSync(log) && readFileSync(log, 'utf8').includes('\\"Fi\\"')), {
        timeout: 20_000,
      })
      .toBe(true)
    running.kill('SIGKILL')
    await running
    const [id = ''] = readdirSync(recordings).filter((name) => !before.has(name))
    const { data, stderr } = await importRun(id)
    expect(data.imported).toMatchObject([{ id, placed: 'replaced', complete: false, oddities: { 'open-call': 1 } }])
    expect(stderr).toContain('trajectories/replaced')
    const told = await limi.run(project, 'trajectories', 'import', path.join('recordings', id))
    expect(told.stdout).toMatch(new RegExp(`${id}\\s+kept\\s+unknown\\s+incomplete`))
    const { complete, threads, asides } = await read(id)
    expect(complete).toBe(false)
    const said = [...threads, ...asides].flatMap(({ messages }) => messages.map(({ content }) => content))
    expect(said).toEqual(['You greet.', 'Hello?', 'Hi.', 'And you?', 'Fi'])
    expect(readdirSync(path.join(trajectories, 'replaced'))).toHaveLength(1)
  })

  it('nothing is left of a recording that could not begin', async () => {
    const before = readdirSync(recordings)
    for (const args of [
      ['--upstream', 'script:none.jsonl', '--', 'x'],
      ['--upstream', 'http://', '--', 'x'],
      ['--workspace', 'w', '--', 'x'],
      ['--', 'limi-no-such-agent'],
    ])
      expect((await limi.run(project, 'record', ...args)).code).not.toBe(0)
    expect(readdirSync(recordings)).toEqual(before)
    expect(readdirSync(trajectories).filter((name) => name.endsWith('.jsonl'))).toHaveLength(2)
  })
})
