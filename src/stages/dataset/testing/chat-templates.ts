import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { digestOf } from '../../../shared/project/index.js'
import type { ModelFiles } from '../model-files.js'
import { pythonForTests } from './oracle.js'

/** TRL's chat templates by name, from the Python environment for tests; none where there is none. */
export function trlTemplates(): readonly { readonly name: string; readonly source: string }[] {
  const folder = templateFolder()
  if (folder === null) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jinja'))
    .sort()
    .map((name) => ({ name: name.slice(0, -'.jinja'.length), source: readFileSync(path.join(folder, name), 'utf8') }))
}

function templateFolder(): string | null {
  const libraries = path.join(pythonForTests ?? '', 'lib')
  if (pythonForTests === undefined || !existsSync(libraries)) return null
  const folders = readdirSync(libraries).map((one) =>
    path.join(libraries, one, 'site-packages', 'trl', 'chat_templates'),
  )
  return folders.find((folder) => existsSync(folder)) ?? null
}

/** As much of a model as rendering needs. */
export const filesWith = (template: string): ModelFiles => ({
  folder: 'model',
  tokenizerJson: '{}',
  tokenizerConfig: {},
  addedTokens: [],
  specialTokens: { bos_token: '<s>', eos_token: '</s>', pad_token: '<pad>' },
  templates: { default: template },
  tokenizerDigest: '',
  templateDigest: digestOf(template),
})
