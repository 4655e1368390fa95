import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Result } from '../../nouns/index.js'
import { locateTokenizer } from '../../shared/models/index.js'
import { diskFailure } from '../../shared/project/index.js'
import { ensureEnvironment } from '../../shared/python/index.js'
import { integerText, plural } from '../../shared/report/index.js'
import { openDatasetModel, readChats, renderChat, type RenderedChat } from '../../stages/dataset/index.js'
import { readChatTemplate } from './model.js'
import { cacheOf } from '../models.js'
import type { RunOutcome } from '../project-run.js'

export interface RenderRequest {
  /** OpenAI chat messages: one conversation, an array of them, or one a line. */
  readonly file: string
  readonly modelFolder: string
  /** A file; its chat template is taken instead of the model's own. */
  readonly chatTemplate?: string
  readonly warn: (line: string) => void
}

/** `limi dataset render`: conversations from a file as a model would be trained on them. */
export async function renderFile({
  file,
  modelFolder,
  chatTemplate,
  warn,
}: RenderRequest): Promise<Result<RunOutcome>> {
  const text = await readText(file)
  if (!text.ok) return text
  const chats = readChats(text.value, file, localTime())
  if (!chats.ok) return chats
  const given = await readChatTemplate(chatTemplate)
  if (!given.ok) return given
  const model = await openDatasetModel(modelFolder, { chatTemplate: given.value?.text })
  if (!model.ok) return model
  const samples: RenderedChat[] = []
  for (const chat of chats.value) {
    const rendered = await renderChat(model.value, chat)
    if (!rendered.ok) return rendered
    for (const { loss } of rendered.value) if (loss !== undefined) warn(`${chat.where}: ${loss}`)
    samples.push(...rendered.value)
  }
  const data = { samples: samples.map(({ text, input_ids, labels }) => ({ text, input_ids, labels })) }
  return done({ data, text: samples.map(describe).join('\n') })
}

/** A model's tokenizer and chat template, by its name in the grammar; paths start from the current folder, and no project is needed. */
export async function tokenizerFolder(
  name: string,
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<Result<string>> {
  const here = process.cwd()
  const cacheRoot = await cacheOf(here)
  const located = await locateTokenizer(name, {
    cacheRoot,
    root: here,
    trainingFolder: path.join(here, 'training'),
    environment: () => ensureEnvironment({ name: 'trl', cacheRoot, announce: say, signal }),
    announce: say,
    signal,
    hub: { endpoint: process.env['HF_ENDPOINT'], token: process.env['HF_TOKEN'] },
  })
  return located.ok ? done(located.value.folder) : located
}

/** What a clock on the wall shows, as UTC: templates that print the date print the local one in transformers. */
const localTime = (): Date => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000)

/** Text in UTF-8, with or without its mark at the beginning; other bytes are `chat.not-utf8`, since they would be replaced in silence. */
async function readText(file: string): Promise<Result<string>> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path.resolve(file))
  } catch (error) {
    return failed(diskFailure(error, file))
  }
  try {
    return done(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return failed({
      kind: 'input',
      code: 'chat.not-utf8',
      message: 'the file is not text in UTF-8',
      where: file,
      remedy: 'save it as UTF-8',
    })
  }
}

function describe({ text, input_ids, labels }: RenderedChat): string {
  const trained = labels.filter((label) => label >= 0).length
  return `— ${plural(input_ids.length, 'token')}, ${integerText(trained)} train\n${text}`
}
