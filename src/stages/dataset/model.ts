import { done, type Result } from '../../nouns/index.js'
import { readModelFiles, type ModelFiles } from './model-files.js'
import { openRenderer, type Renderer } from './render/index.js'
import { openTokeniser, type Tokeniser } from './tokenise/index.js'

/** A model as a dataset sees it: its files, chat template and tokeniser, without any weights. */
export interface DatasetModel {
  readonly files: ModelFiles
  readonly tokeniser: Tokeniser
  readonly renderer: Renderer
  /** For conversations with tools, where the model has a template of its own for them. */
  readonly toolRenderer: Renderer
}

/** Opens a model folder (`tokenizer.json`, `tokenizer_config.json`, chat template); a chat template that is given is taken instead of its own. */
export async function openDatasetModel(
  folder: string,
  options: { readonly engine?: Tokeniser['engine']; readonly chatTemplate?: string } = {},
): Promise<Result<DatasetModel>> {
  const files = await readModelFiles(folder, options.chatTemplate)
  return files.ok ? openModelOf(files.value, options.engine) : files
}

/** {@link openDatasetModel} with its files read. */
export async function openModelOf(files: ModelFiles, engine?: Tokeniser['engine']): Promise<Result<DatasetModel>> {
  const renderer = openRenderer(files)
  if (!renderer.ok) return renderer
  const toolRenderer = files.templates.tool_use === undefined ? renderer : openRenderer(files, true)
  if (!toolRenderer.ok) return toolRenderer
  const tokeniser = await openTokeniser(files, engine)
  if (!tokeniser.ok) return tokeniser
  return done({
    files,
    tokeniser: tokeniser.value,
    renderer: renderer.value,
    toolRenderer: toolRenderer.value,
  })
}
