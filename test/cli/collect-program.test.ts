import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../src/nouns/index.js'
import { bubblewrapSandboxes } from '../../src/shared/sandboxes/index.js'
import { queryStore } from '../../src/stages/queries/index.js'
import { trajectoryStore } from '../../src/stages/trajectories/index.js'
import { limiForTests } from '../support/cli.js'
import { writeConfig, writeScript } from '../support/project.js'

const probed = await bubblewrapSandboxes.probe()
const SCRIPT = [
  { request: 'Write hello.txt.', replies: [{ text: 'echo wrong > hello.txt' }, { text: 'echo hello > hello.txt' }] },
]

/** A program that speaks Anthropic's language as Claude Code does: a request, what is answered is run, the session kept in its home. */
const STAND_IN = `#!/usr/bin/env node
const { execSync } = require('node:child_process')
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const kept = process.env.HOME + '/session.json'
const messages = process.argv.includes('--continue') ? JSON.parse(readFileSync(kept, 'utf8')) : []
messages.push({ role: 'user', content: readFileSync(0, 'utf8') })
fetch(process.env.ANTHROPIC_BASE_URL + '/v1/messages', {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
  body: JSON.stringify({ model: process.env.ANTHROPIC_MODEL, max_tokens: 100, messages }),
}).then((answer) => answer.json()).then(({ content }) => {
  const [{ text }] = content
  execSync(text)
  writeFileSync(kept, JSON.stringify([...messages, { role: 'assistant', content }]))
  console.log(text, process.getuid(), existsSync(${JSON.stringify(import.meta.filename)}))
})
`

describe.skipIf(!probed.ready)(probed.ready ? 'a program' : `a program: ${probed.missing.message}`, () => {
  const limi = limiForTests({ PATH: process.env['PATH'] ?? '' })
  const root = path.join(limi.place, 'p')
  const program = path.join(limi.place, 'claude')

  beforeAll(async () => {
    writeFileSync(program, STAND_IN)
    chmodSync(program, 0o755)
    chmodSync(limi.place, 0o755)
    const agents = { coder: { kind: 'claude', model: 'expert', program } }
    await writeConfig(root, { agents, sandbox: 'bubblewrap' })
    await writeScript(path.join(root, 'scripts/expert.jsonl'), SCRIPT)
    const check = { kind: 'file' as const, id: 'there', weight: 1, path: 'hello.txt', exists: true, contains: 'hello' }
    unwrap(
      await queryStore(path.join(root, 'queries')).write({
        format: 'limi.query/1',
        id: 'hello',
        request: 'Write hello.txt.',
        split: 'train',
        tags: {},
        start: { files: { 'a.txt': 'a\n' } },
        scoring: { kind: 'checks', checks: [{ ...check, feedback: 'It should say hello.' }] },
        source: { kind: 'person' },
      }),
    )
  })

  it('works in a sandbox over rounds, and what it said and did is its trajectory', async () => {
    const { data } = await limi.json(root, 'collect', '--agent', 'coder', '--rounds', '3')
    expect(data).toMatchObject({ made: 1, rollouts: [{ outcome: 'success', rounds: 2 }] })
    const [id = ''] = readdirSync(path.join(root, 'trajectories')).map((name) => path.parse(name).name)
    const { threads, source, rounds, complete } = unwrap(
      await trajectoryStore(path.join(root, 'trajectories')).read(id),
    )
    expect({ source, complete }).toMatchObject({ source: { kind: 'recorded', agent: 'claude' }, complete: true })
    expect(rounds.map(({ passed }) => passed)).toEqual([false, true])
    expect(threads).toHaveLength(1)
    expect(threads[0]?.messages.map(({ origin, round, content }) => [origin, round, content])).toEqual([
      ['human', 1, 'Write hello.txt.'],
      ['model', 1, 'echo wrong > hello.txt'],
      ['human', 2, 'It should say hello.'],
      ['model', 2, 'echo hello > hello.txt'],
    ])
    const evidence = path.join(root, 'recordings', id)
    expect(readFileSync(path.join(evidence, 'round-2.log'), 'utf8')).toContain('echo hello > hello.txt 1000 false')
    expect(readFileSync(path.join(evidence, 'workspace.patch'), 'utf8')).toContain('+hello')
    expect(readdirSync(evidence)).toContain('wire.jsonl')
  })

  it('that is not there, or a sandbox without processes, is said', async () => {
    const absent = await limi.json(root, 'collect', '--agent', 'coder', '--name', 'x', '--sandbox', 'virtual')
    expect(JSON.stringify(absent.data)).toContain('agent.no-processes')
    await writeConfig(root, { agents: { coder: { kind: 'qwen', model: 'expert', program: '/no/such' } } })
    const nowhere = await limi.json(root, 'collect', '--agent', 'coder')
    expect(nowhere.data).toMatchObject({ error: { code: 'agent.program', kind: 'missing' } })
    expect(nowhere.code).toBe(3)
  })

  it('is ended under way when the budget is spent', async () => {
    const endless = path.join(limi.place, 'endless.sh')
    writeFileSync(
      endless,
      `cat > /dev/null; for i in $(seq 200); do
curl -s "$OPENAI_BASE_URL/chat/completions" -H 'content-type: application/json' \\
  -d '{"model":"m","messages":[{"role":"user","content":"again"}]}' > /dev/null; echo x >> calls.txt; sleep 0.1; done`,
    )
    await writeScript(path.join(root, 'scripts/talker.jsonl'), [
      { replies: Array.from({ length: 200 }, () => ({ text: 'on', usage: { inputTokens: 90, outputTokens: 10 } })) },
    ])
    const talker = { kind: 'command', command: ['bash', endless], model: 'talker' }
    await writeConfig(root, {
      agents: { talker },
      sandbox: 'bubblewrap',
      models: { talker: { ref: 'script:scripts/talker.jsonl' } },
    })
    const { code, data } = await limi.json(
      root,
      'collect',
      '--agent',
      'talker',
      '--name',
      'long',
      '--max-tokens',
      '500',
    )
    expect(data).toMatchObject({
      made: 0,
      rollouts: [{ status: 'ended' }],
      stopped: { message: expect.stringContaining('500') },
    })
    expect(code).toBe(4)
  })
})
