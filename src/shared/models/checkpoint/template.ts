import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

const NamedTemplates = z.array(z.object({ name: z.string(), template: z.string() }))
const TokenizerConfig = z.looseObject({ chat_template: z.union([z.string(), NamedTemplates]).optional() })

/** The chat template of a model folder, several of them one after another; empty where it has none that can be read. */
export async function templateIn(folder: string): Promise<string> {
  const own = await readFile(path.join(folder, 'chat_template.jinja'), 'utf8').catch(() => null)
  if (own !== null) return own
  const config = await readFile(path.join(folder, 'tokenizer_config.json'), 'utf8').catch(() => '{}')
  const parsed = TokenizerConfig.safeParse(asJson(config))
  const given = parsed.success ? (parsed.data.chat_template ?? '') : ''
  return typeof given === 'string' ? given : given.map(({ template }) => template).join('\n')
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
