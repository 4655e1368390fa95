import type { ImportItem, ImportSource, TrajectoryImporter } from '../importer.js'
import { itemsOf } from '../importer.js'
import { readDocument } from '../document.js'
import { readJsonLines } from '../json-lines.js'
import { isFields } from '../values.js'
import { trajectoryFrom } from './conversation.js'
import { detect } from './detect.js'
import { readList } from './list.js'
import { isParquet, readParquet } from './parquet/index.js'

const SAMPLED_LINES = 2

/**
 * OpenAI chat messages (openai/openai-openapi, `CreateChatCompletionRequest`): `{messages, tools?}` as a JSON object, a list of these or of bare
 * messages, JSONL, or the rows of a Parquet table; `{prompt, completion}` of messages as TRL has it.
 */
export const openaiMessages: TrajectoryImporter = {
  format: 'openai-messages',
  extensions: ['.json', '.jsonl', '.parquet'],
  companions: [],
  detect,
  read,
}

async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  const { path, head, maxDocumentBytes } = source
  if (isParquet(head.bytes)) yield* readTable(source)
  else if (path.toLowerCase().endsWith('.jsonl')) yield* readLinesOf(source)
  else if (head.text.trimStart().startsWith('[')) yield* readList(path, maxDocumentBytes)
  else if (await isJsonLines(source)) yield* readLinesOf(source)
  else {
    const document = await readDocument(path, maxDocumentBytes)
    yield* itemsOf(document.ok ? trajectoryFrom(document.value, { index: 0, where: path }) : document)
  }
}

/** Two lines that are JSON objects each; a document over several lines is not. */
async function isJsonLines({ path, bytes, head, maxDocumentBytes }: ImportSource): Promise<boolean> {
  // A first line without an end in sight is not worth reading gigabytes for.
  if (bytes > maxDocumentBytes && !head.text.includes('\n')) return false
  let objects = 0
  for await (const { value } of readJsonLines(path)) {
    if (!value.ok || !isFields(value.value)) return false
    objects += 1
    if (objects === SAMPLED_LINES) return true
  }
  return false
}

async function* readLinesOf(source: ImportSource): AsyncGenerator<ImportItem> {
  let index = 0
  for await (const { value, where } of readJsonLines(source.path)) {
    yield* itemsOf(value.ok ? trajectoryFrom(value.value, { index, where }) : value)
    index += 1
  }
}

async function* readTable({ path, maxDocumentBytes }: ImportSource): AsyncGenerator<ImportItem> {
  let index = 0
  for await (const row of readParquet(path, maxDocumentBytes)) {
    const place = { index, where: `${path}, row ${index + 1}` }
    yield* itemsOf(row.ok ? trajectoryFrom(row.value.value, place, row.value.oddities) : row)
    index += 1
  }
}
