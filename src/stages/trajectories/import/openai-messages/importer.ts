import type { ImportItem, ImportSource, TrajectoryImporter } from '../importer.js'
import { itemsOf } from '../importer.js'
import { isList, recordsOf } from '../records.js'
import { conversationFrom, isMessage } from './bare.js'
import { trajectoryFromChat } from './conversation.js'
import { detect } from './detect.js'
import { isParquet, readParquet } from './parquet/index.js'

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
  if (isParquet(source.head.bytes)) yield* readTable(source)
  else yield* readJson(source)
}

async function* readJson(source: ImportSource): AsyncGenerator<ImportItem> {
  const records = recordsOf(source)
  for await (const record of records) {
    const { value, index } = record
    if (index === 0 && isList(source.head) && value.ok && isMessage(value.value)) {
      yield* conversationFrom(record, records)
      return
    }
    yield* itemsOf(value.ok ? trajectoryFromChat(value.value, record) : value)
  }
}

async function* readTable({ path, maxDocumentBytes }: ImportSource): AsyncGenerator<ImportItem> {
  let index = 0
  for await (const row of readParquet(path, maxDocumentBytes)) {
    const place = { index, where: `${path}, row ${index + 1}` }
    yield* itemsOf(row.ok ? trajectoryFromChat(row.value.value, place, row.value.oddities) : row)
    index += 1
  }
}
