import { mkdtemp, mkdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { agentNames, launcherNamed, launcherOf } from './launchers.js'
import type { LaunchSetting } from './launch.js'

const setting = (more: Partial<LaunchSetting> = {}): LaunchSetting => ({
  urlOf: (route) => `http://127.0.0.1:1/t/${route}`,
  env: {},
  ...more,
})

describe('a known agent', () => {
  test.each([
    [['claude', '-p', 'x'], 'claude', 0],
    [['/usr/local/bin/codex'], 'codex', 0],
    [['npx', '@openai/codex@0.169.0', 'exec'], 'codex', 1],
    [['npx', '--yes', '@google/gemini-cli'], 'gemini', 2],
    [['./node_modules/.bin/qwen.cmd'], 'qwen', 0],
    [['mini', '-t', 'x'], 'mini-swe-agent', 0],
    [['python', 'agent.py', 'x', 'claude'], 'other', 0],
    [[], 'other', 0],
  ])('is found in %j', (command, name, at) => {
    const found = launcherOf(command)
    expect([found.launcher.name, found.at]).toEqual([name, at])
  })

  test('speaks to every one of its routes through the recorder, and to no other', () => {
    for (const name of agentNames()) {
      const launcher = launcherNamed(name)
      const { env, args } = launcher?.launch(setting()) ?? { env: {}, args: [] }
      const said = [...Object.values(env), ...args].join(' ')
      for (const route of launcher?.routes({}) ?? []) {
        if (route.name !== 'openrouter') expect(said).toContain(`http://127.0.0.1:1/t/${route.name}`)
        expect(said).not.toContain(new URL(route.baseUrl).host)
      }
    }
  })

  test('names the model that answers in its place, and needs no key of the person', () => {
    for (const name of agentNames()) {
      const { env, args } = launcherNamed(name)?.launch(setting({ model: 'mine' })) ?? { env: {}, args: [] }
      expect([...Object.values(env), ...args].join(' ')).toContain('mine')
    }
  })

  test('goes where its own environment says', () => {
    expect(launcherNamed('claude')?.routes({ ANTHROPIC_BASE_URL: 'http://gateway' })).toEqual([
      { name: 'anthropic', baseUrl: 'http://gateway' },
    ])
    expect(launcherNamed('claude')?.routes({ ANTHROPIC_BASE_URL: '' })[0]?.baseUrl).toBe('https://api.anthropic.com')
  })

  test('codex goes to its subscription’s address where it is logged in by one', async () => {
    const home = await mkdtemp(path.join(os.tmpdir(), 'limi-codex-'))
    const addresses = (env: Record<string, string>) =>
      launcherNamed('codex')
        ?.routes({ HOME: home, ...env })
        .map(({ baseUrl }) => baseUrl)
    expect(addresses({})).toEqual(['https://api.openai.com/v1'])
    await mkdir(path.join(home, '.codex'))
    await writeFile(path.join(home, '.codex', 'auth.json'), '{"OPENAI_API_KEY":"k","tokens":null}')
    expect(addresses({})).toEqual(['https://api.openai.com/v1'])
    await writeFile(path.join(home, '.codex', 'auth.json'), '{"tokens":{"access_token":"x"}}')
    expect(addresses({})).toEqual(['https://chatgpt.com/backend-api/codex'])
    expect(addresses({ CODEX_API_KEY: 'k' })).toEqual(['https://api.openai.com/v1'])
  })

  test('opencode keeps what the person configured', () => {
    const mine = { theme: 'x', provider: { openai: { options: { timeout: 5 } }, local: { npm: 'p' } } }
    const launched = launcherNamed('opencode')?.launch(
      setting({ env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(mine) } }),
    )
    expect(JSON.parse(launched?.env['OPENCODE_CONFIG_CONTENT'] ?? '')).toMatchObject({
      theme: 'x',
      provider: {
        openai: { options: { timeout: 5, baseURL: 'http://127.0.0.1:1/t/openai' } },
        local: { npm: 'p' },
      },
    })
  })
})
