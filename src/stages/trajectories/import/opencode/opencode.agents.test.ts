import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { execa, type Options } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectScripted, scriptedCall } from '../../../../../test/support/scripted-session.js'
import { serveScript, type ServedScript } from '../../../../../test/support/served-script.js'
import { unwrap, type ScriptEntry } from '../../../../nouns/index.js'
import { trajectoryStore, type StoredTrajectory } from '../../store/index.js'
import { importPaths, type ImportReport } from '../index.js'

const program = process.env['LIMI_TEST_OPENCODE']
const why = program === undefined ? 'LIMI_TEST_OPENCODE is not set to the path of opencode' : 'real'

const PROMPT = 'List the files, then write hello.txt.'

const configOf = (baseURL: string): object => ({
  autoupdate: false,
  share: 'disabled',
  model: 'limi/scripted',
  small_model: 'limi/scripted',
  permission: 'allow',
  provider: {
    limi: {
      npm: '@ai-sdk/openai-compatible',
      name: 'limi',
      options: { baseURL, apiKey: 'none' },
      models: { scripted: { name: 'scripted', tool_call: true, limit: { context: 100_000, output: 4_000 } } },
    },
  },
})

describe.skipIf(program === undefined)(`opencode itself (${why})`, () => {
  let folder: string
  let script: ScriptEntry
  let served: ServedScript
  let report: ImportReport
  let read: StoredTrajectory

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'limi-opencode-run-'))
    const [home, work] = [path.join(folder, 'home'), path.join(folder, 'work')]
    await Promise.all([mkdir(home), mkdir(work)])
    const task = { description: 'count files', prompt: 'Count the files.', subagent_type: 'general' }
    script = {
      request: PROMPT,
      replies: [
        {
          text: 'I will look first.',
          reasoning: 'List, then write.',
          toolCalls: [
            scriptedCall('bash', { command: 'ls', description: 'List files' }),
            scriptedCall('read', { filePath: path.join(work, 'absent.txt') }),
          ],
        },
        { text: '', toolCalls: [scriptedCall('task', task)] },
        {
          text: '',
          toolCalls: [scriptedCall('write', { filePath: path.join(work, 'hello.txt'), content: 'hello\n' })],
        },
        { text: 'Wrote hello.txt.' },
      ],
    }
    served = await serveScript([script, { request: 'Count the files.', replies: [{ text: 'One file.' }] }])
    await writeFile(path.join(work, 'opencode.json'), JSON.stringify(configOf(served.served.baseUrl)))
    const options = {
      cwd: work,
      extendEnv: false,
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        OPENCODE_DISABLE_MODELS_FETCH: '1',
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
        OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
      },
      timeout: 90_000,
      forceKillAfterDelay: 2_000,
    } satisfies Options
    await execa(program ?? '', ['run', '-m', 'limi/scripted'], { ...options, input: PROMPT })
    const listed = await execa(program ?? '', ['session', 'list', '--format', 'json'], { ...options, stdin: 'ignore' })
    const [session] = JSON.parse(listed.stdout) as { id: string }[]
    const exported = path.join(folder, 'export.json')
    await execa(program ?? '', ['export', session!.id], { ...options, stdin: 'ignore', stdout: { file: exported } })
    const store = trajectoryStore(path.join(folder, 'trajectories'))
    report = unwrap(await importPaths([exported], { format: 'auto', store }))
    read = unwrap(await store.read(report.imported[0]!.id))
  }, 180_000)

  afterAll(async () => {
    await served.served.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('leaves a session that says what the script said', () => {
    expectScripted(read, script)
    expect(report.imported[0]).toMatchObject({ format: 'opencode', toolCalls: 4, threads: 1 })
    const answer = read.threads[0]!.messages.find(({ origin }) => origin === 'model')!
    expect(answer.reasoning).toEqual({ text: 'List, then write.', kind: 'full' })
  })

  it('has all that the last request held, but for the system prompt', () => {
    const last = served.requests.findLast(({ tools }) => tools.some(({ name }) => name === 'task'))!
    const asked = last.messages.filter(({ role }) => role !== 'system').map(({ role }) => role)
    const main = read.threads[0]!.messages.map(({ role }) => role)
    expect(main).toEqual([...asked, 'assistant'])
  })
})
