import path from 'node:path'
import { z } from 'zod'
import { done, type Result } from '../../nouns/index.js'
import { parseJson } from '../../shared/project/index.js'
import { readText } from './read-text.js'

const Ids = z.union([
  z
    .number()
    .int()
    .transform((id) => [id]),
  z.array(z.number().int()),
])
const Config = z.looseObject({ eos_token_id: Ids.nullish().catch(null) })

interface Token {
  readonly id: number
  readonly content: string
}

/**
 * Texts of the added tokens that end what a model emits: `eos_token` of its tokenizer, and `eos_token_id` of `generation_config.json` and
 * `config.json`, where these files are there. Failure: a file that is no JSON.
 */
export async function readStops(
  folder: string,
  added: readonly Token[],
  eosToken: string | undefined,
): Promise<Result<readonly string[]>> {
  const ids = new Set<number>()
  for (const name of ['generation_config.json', 'config.json']) {
    const file = path.join(folder, name)
    const text = await readText(file)
    if (!text.ok) return text
    if (text.value === null) continue
    const config = parseJson(text.value, Config, file)
    if (!config.ok) return config
    for (const id of config.value.eos_token_id ?? []) ids.add(id)
  }
  return done(added.filter(({ id, content }) => content === eosToken || ids.has(id)).map(({ content }) => content))
}
