import { mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { done, unwrap, type ModelConfig } from '../../nouns/index.js'
import { dialectOf } from './tool-calls/index.js'
import { openModel, type ModelEvent, type OpenModel, type OpenModelOptions } from './index.js'

const CONFIG: Record<string, ModelConfig> = {
  teacher: { provider: 'openai', model: 'gpt-5' },
  mine: { baseUrl: 'http://127.0.0.1:9/v1', model: 'm' },
  keyed: { baseUrl: 'http://127.0.0.1:9/v1', model: 'm', apiKeyEnv: 'MY_KEY' },
  alias: { ref: 'mine' },
  served: { ref: 'checkpoint:run-1' },
  a: { ref: 'b' },
  b: { ref: 'a' },
}

const open = (name: string, more: Partial<OpenModelOptions> = {}) =>
  openModel(name, { config: CONFIG, projectRoot: '/nowhere', env: {}, ...more })

const codeOf = async (name: string, more: Partial<OpenModelOptions> = {}) => {
  const opened = await open(name, more)
  return opened.ok ? 'ok' : [opened.failure.code, opened.failure.where]
}

async function firstEvent({ model }: OpenModel): Promise<ModelEvent | undefined> {
  for await (const event of model.stream({
    messages: [{ id: 'm1', role: 'user', origin: 'human', content: 'hi' }],
    tools: [],
    params: {},
  })) {
    return event
  }
  return undefined
}

describe('a model’s name', () => {
  test('in limi.yaml is what the model is called, also through another name', async () => {
    expect(unwrap(await open('mine')).model.name).toBe('mine')
    const alias = unwrap(await open('alias'))
    expect(alias.model.name).toBe('alias')
    expect(await firstEvent(alias)).toMatchObject({ failure: { code: 'model.unreachable' } })
  })

  test('of a script is relative to the project', async () => {
    const projectRoot = await mkdtemp(path.join(os.tmpdir(), 'limi-'))
    await writeFile(path.join(projectRoot, 's.jsonl'), '{"replies": [{"text": "hi"}]}\n')
    const opened = unwrap(await open('script:s.jsonl', { projectRoot }))
    expect(opened.model.name).toBe('script:s.jsonl')
    expect(await firstEvent(opened)).toEqual({ type: 'text', text: 'hi' })
    expect(await codeOf('script:none.jsonl', { projectRoot })).toEqual([
      'file.absent',
      path.join(projectRoot, 'none.jsonl'),
    ])
  })

  test('with weights is served, and the server closed with it', async () => {
    const asked: string[] = []
    const openFolder: OpenModelOptions['openFolder'] = async (ref) => {
      asked.push(ref)
      return done({
        baseUrl: 'http://127.0.0.1:9/v1',
        modelName: '/m',
        dialect: dialectOf(''),
        extraBody: {},
        problem: async () => null,
        close: async () => void asked.push('closed'),
      })
    }
    for (const name of ['served', 'dir:/x y', 'hub:o/n', 'pypi:p', 'npm:@s/p']) {
      const opened = unwrap(await open(name, { openFolder }))
      expect(opened.model.name).toBe(name)
      await opened.close()
    }
    expect(asked.filter((ref) => ref !== 'closed')).toEqual([
      'checkpoint:run-1',
      'dir:/x y',
      'hub:o/n',
      'pypi:p',
      'npm:@s/p',
    ])
    expect(asked.filter((ref) => ref === 'closed')).toHaveLength(5)
    expect(await codeOf('dir:/x')).toEqual(['model.not-served', 'dir:/x'])
  })

  test('of a hosted model needs its key, before any request', async () => {
    expect(await codeOf('teacher')).toEqual(['model.key-missing', 'OPENAI_API_KEY'])
    expect(await codeOf('anthropic:claude-x')).toEqual(['model.key-missing', 'ANTHROPIC_API_KEY'])
    expect(await codeOf('google:gemini-x', { env: { GOOGLE_GENERATIVE_AI_API_KEY: ' ' } })).toEqual([
      'model.key-missing',
      'GOOGLE_GENERATIVE_AI_API_KEY',
    ])
    expect(await codeOf('keyed')).toEqual(['model.key-missing', 'MY_KEY'])
    expect(unwrap(await open('openai:gpt-5', { env: { OPENAI_API_KEY: 'k' } })).model.name).toBe('openai:gpt-5')
    expect(await codeOf('keyed', { env: { MY_KEY: 'k' } })).toBe('ok')
  })

  test('that is unknown is answered with the nearest known one', async () => {
    for (const [name, guess] of [
      ['techer', 'teacher'],
      ['opnai:gpt-5', 'openai:gpt-5'],
      ['checkpiont:x', 'checkpoint:x'],
    ] as const) {
      const opened = await open(name)
      expect(opened).toMatchObject({ ok: false, failure: { code: 'model.unknown', where: name } })
      expect(opened.ok ? '' : opened.failure.remedy).toContain(`did you mean ${guess}?`)
    }
    expect(await codeOf('')).toEqual(['model.unknown', ''])
    expect(await codeOf('script:')).toEqual(['model.unknown', 'script:'])
    expect(await codeOf('constructor')).toEqual(['model.unknown', 'constructor'])
    expect(await codeOf('a')).toEqual(['model.circular', 'limi.yaml'])
  })
})
