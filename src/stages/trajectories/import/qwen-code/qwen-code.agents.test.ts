import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectScripted, scriptedCall } from '../../../../../test/support/scripted-session.js'
import { serveScript, type ServedScript } from '../../../../../test/support/served-script.js'
import { unwrap, type ScriptEntry } from '../../../../nouns/index.js'
import { trajectoryStore, type StoredTrajectory } from '../../store/index.js'
import { importPaths, type ImportReport } from '../index.js'

const program = process.env['LIMI_TEST_QWEN']
const why = program === undefined ? 'LIMI_TEST_QWEN is not set to the path of qwen' : 'real'

const PROMPT = 'Read seed.txt, then write hello.txt.'

describe.skipIf(program === undefined)(`Qwen Code itself (${why})`, () => {
  let folder: string
  let script: ScriptEntry
  let served: ServedScript
  let report: ImportReport
  let read: StoredTrajectory

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'limi-qwen-run-'))
    const [home, work] = [path.join(folder, 'home'), path.join(folder, 'work')]
    await Promise.all([mkdir(home), mkdir(work)])
    await writeFile(path.join(work, 'seed.txt'), 'seed\n')
    script = {
      request: PROMPT,
      replies: [
        {
          text: 'I will look first.',
          reasoning: 'Read, then write.',
          toolCalls: [
            scriptedCall('read_file', { file_path: path.join(work, 'seed.txt') }),
            scriptedCall('read_file', { file_path: path.join(work, 'absent.txt') }),
          ],
        },
        {
          text: '',
          toolCalls: [scriptedCall('write_file', { file_path: path.join(work, 'hello.txt'), content: 'hello\n' })],
        },
        { text: 'Wrote hello.txt.' },
      ],
    }
    served = await serveScript([script])
    await execa(program ?? '', ['--auth-type', 'openai', '-m', 'scripted', '-y', '-p', PROMPT], {
      cwd: work,
      extendEnv: false,
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        OPENAI_API_KEY: 'none',
        OPENAI_BASE_URL: served.served.baseUrl,
        OPENAI_MODEL: 'scripted',
        QWEN_CODE_SUPPRESS_YOLO_WARNING: '1',
      },
      stdin: 'ignore',
      timeout: 90_000,
      forceKillAfterDelay: 2_000,
    })
    const store = trajectoryStore(path.join(folder, 'trajectories'))
    const [found] = unwrap(
      await importPaths([path.join(home, '.qwen', 'projects')], { format: 'auto', store }),
    ).imported
    report = unwrap(await importPaths([found?.source ?? ''], { format: 'auto', store }))
    read = unwrap(await store.read(report.imported[0]!.id))
  }, 120_000)

  afterAll(async () => {
    await served.served.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('leaves a session that says what the script said', () => {
    expectScripted(read, script)
    expect(report.imported[0]).toMatchObject({ format: 'qwen-code', toolCalls: 3, threads: 1 })
    const answer = read.threads[0]!.messages.find(({ origin }) => origin === 'model')!
    expect(answer.reasoning).toMatchObject({ text: 'Read, then write.', kind: 'full' })
  })

  it('has all that the last request held, but for what the program put before the prompt', () => {
    const last = served.requests.findLast(({ tools }) => tools.some(({ name }) => name === 'write_file'))!
    const start = last.messages.findIndex(({ content }) => JSON.stringify(content).includes(PROMPT))
    const asked = last.messages.slice(start).map(({ role }) => role)
    const main = read.threads[0]!.messages.map(({ role }) => role)
    expect(main.slice(0, asked.length)).toEqual(asked)
    expect(main.slice(asked.length)).toEqual(['assistant'])
  })
})
