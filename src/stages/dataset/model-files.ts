import path from 'node:path'
import { z } from 'zod'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'
import { digestOf, parseJson } from '../../shared/project/index.js'
import { readText } from './read-text.js'
import { readStops } from './stop-tokens.js'
import { readTemplates, type ChatTemplates } from './template-files.js'

const flag = z.boolean().default(false)

const AddedTokenFile = z
  .looseObject({
    id: z.number().int(),
    content: z.string(),
    special: flag,
    single_word: flag,
    lstrip: flag,
    rstrip: flag,
    normalized: flag,
  })
  .transform(({ id, content, special, single_word: singleWord, lstrip, rstrip, normalized }): AddedToken => {
    return { id, content, special, singleWord, lstrip, rstrip, normalized }
  })

const TokenizerFile = z.looseObject({
  added_tokens: z.array(AddedTokenFile).default([]),
  normalizer: z.unknown(),
  pre_tokenizer: z.unknown(),
  post_processor: z.unknown(),
  decoder: z.unknown(),
  model: z.looseObject({}),
})

const TokenText = z.union([z.string(), z.looseObject({ content: z.string() })])

/** A token that is cut out of the text before the tokeniser's model sees it. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  readonly special: boolean
  /** Found only where no word goes on beside it. */
  readonly singleWord: boolean
  /** Takes in the white space before it. */
  readonly lstrip: boolean
  /** Takes in the white space after it. */
  readonly rstrip: boolean
  /** Found in the normalised text. */
  readonly normalized: boolean
}

/** The steps of a tokeniser, as `tokenizer.json` writes them; its model without vocabulary and merges. */
export interface TokenizerSteps {
  readonly normalizer: unknown
  readonly preTokenizer: unknown
  readonly postProcessor: unknown
  readonly decoder: unknown
  readonly model: Readonly<Record<string, unknown>>
}

/** What a dataset needs of a model: its tokeniser and its chat template, without any weights. */
export interface ModelFiles {
  readonly folder: string
  /** The text of `tokenizer.json`. */
  readonly tokenizerJson: string
  readonly tokenizerConfig: Readonly<Record<string, unknown>>
  readonly addedTokens: readonly AddedToken[]
  /** Absent where the tokeniser is to be taken as it is, without a look inside. */
  readonly steps?: TokenizerSteps
  /** By name as templates see them: `bos_token`, `eos_token`… */
  readonly specialTokens: Readonly<Record<string, string>>
  /** Texts of the added tokens that end what the model emits; absent where that is not known. */
  readonly stops?: readonly string[]
  readonly templates: ChatTemplates
  readonly tokenizerDigest: string
  readonly templateDigest: string
}

/**
 * Reads `tokenizer.json`, `tokenizer_config.json` and the chat template of a model folder, or takes the chat template that is given.
 * Failures: `model.absent`, `model.invalid`, `template.absent`, `tokenizer.disagrees`.
 */
export async function readModelFiles(folder: string, chatTemplate?: string): Promise<Result<ModelFiles>> {
  const tokenizerPath = path.join(folder, 'tokenizer.json')
  const tokenizerText = await readText(tokenizerPath)
  if (!tokenizerText.ok) return tokenizerText
  if (tokenizerText.value === null) return failed(absent(folder))
  const tokenizer = parseJson(tokenizerText.value, TokenizerFile, tokenizerPath)
  if (!tokenizer.ok) return failed(damaged(tokenizer.failure))
  const config = await readConfig(path.join(folder, 'tokenizer_config.json'))
  if (!config.ok) return config
  const templates = await readTemplates(folder, config.value, chatTemplate)
  if (!templates.ok) return templates
  const addedTokens = tokenizer.value.added_tokens
  const disagreement = findDisagreement(addedTokens, config.value, folder)
  if (disagreement !== null) return failed(disagreement)
  const specialTokens = specialTokensOf(config.value)
  const stops = await readStops(folder, addedTokens, specialTokens['eos_token'])
  if (!stops.ok) return stops
  return done({
    folder,
    tokenizerJson: tokenizerText.value,
    tokenizerConfig: config.value,
    addedTokens,
    steps: stepsOf(tokenizer.value),
    specialTokens,
    stops: stops.value,
    templates: templates.value,
    tokenizerDigest: digestOf(tokenizerText.value),
    templateDigest: digestOf(templates.value.default),
  })
}

function stepsOf({ model, ...steps }: z.infer<typeof TokenizerFile>): TokenizerSteps {
  return {
    normalizer: steps.normalizer,
    preTokenizer: steps.pre_tokenizer,
    postProcessor: steps.post_processor,
    decoder: steps.decoder,
    model: Object.fromEntries(Object.entries(model).filter(([name]) => name !== 'vocab' && name !== 'merges')),
  }
}

async function readConfig(file: string): Promise<Result<Record<string, unknown>>> {
  const text = await readText(file)
  if (!text.ok) return text
  if (text.value === null) return done({})
  const parsed = parseJson(text.value, z.record(z.string(), z.unknown()), file)
  return parsed.ok ? parsed : failed(damaged(parsed.failure))
}

/** As transformers' `special_tokens_map`: plain text or the content of a token object. */
function specialTokensOf(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const named: Record<string, string> = {}
  for (const [name, value] of Object.entries(config)) {
    if (!name.endsWith('_token')) continue
    const token = TokenText.safeParse(value)
    if (token.success) named[name] = typeof token.data === 'string' ? token.data : token.data.content
  }
  return named
}

/** transformers adds the configuration's tokens to the tokeniser; we do not, so a token that only it knows is refused. */
function findDisagreement(
  added: readonly AddedToken[],
  config: Readonly<Record<string, unknown>>,
  folder: string,
): Failure | null {
  const declared = z.record(z.string(), TokenText).safeParse(config['added_tokens_decoder'])
  if (!declared.success) return null
  const known = new Map(added.map((token) => [token.id, token.content]))
  for (const [id, token] of Object.entries(declared.data)) {
    const content = typeof token === 'string' ? token : token.content
    if (known.get(Number(id)) === content) continue
    return {
      kind: 'input',
      code: 'tokenizer.disagrees',
      message: `tokenizer_config.json says that token ${id} is ${JSON.stringify(content)}; tokenizer.json does not`,
      where: folder,
      remedy: 'save the tokenizer again with transformers (`tokenizer.save_pretrained`), so that both files agree',
    }
  }
  return null
}

const absent = (folder: string): Failure => ({
  kind: 'input',
  code: 'model.absent',
  message: 'no tokenizer.json here',
  where: folder,
  remedy: 'name a model folder with tokenizer.json and a chat template, as transformers saves it',
})

const damaged = (failure: Failure): Failure => ({
  ...failure,
  code: 'model.invalid',
  remedy: 'fetch the model folder again, or save its tokenizer again with transformers',
})
