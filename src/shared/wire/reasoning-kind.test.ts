import { describe, expect, it } from 'vitest'
import { reasoningKind } from './reasoning-kind.js'

describe('reasoningKind', () => {
  it.each([
    'claude-3-7-sonnet-20250219',
    'anthropic/claude-3.7-sonnet:thinking',
    'deepseek-reasoner',
    'Qwen/Qwen3-32B',
    'glm-4.6',
    'moonshotai/kimi-k2-thinking',
    'openai/gpt-oss-120b',
    'magistral-medium-2506',
    'some-model',
    'unknown',
  ])('%s gives its reasoning in full', (model) => {
    expect(reasoningKind({ model })).toBe('full')
  })

  it.each([
    'claude-sonnet-4-20250514',
    'us.anthropic.claude-opus-4-1-20250805-v1:0',
    'claude-haiku-4-5',
    'o3',
    'openai/o4-mini',
    'gpt-5.1-codex',
    'codex-mini-latest',
    'gemini-2.5-pro',
  ])('%s gives a summary', (model) => {
    expect(reasoningKind({ model })).toBe('summary')
  })

  it('goes by the provider where the model says nothing, and by the model where it says more', () => {
    expect(reasoningKind({ model: 'a-new-one', provider: 'openai' })).toBe('summary')
    expect(reasoningKind({ model: 'gpt-oss-20b', provider: 'openai' })).toBe('full')
    expect(reasoningKind({ model: 'unknown', signed: true })).toBe('summary')
    expect(reasoningKind({ signed: true })).toBe('summary')
    expect(reasoningKind({ model: 'some-model', signed: true })).toBe('full')
  })
})
