import { done, type Result } from '../../../../nouns/index.js'
import { readDocument } from '../document.js'
import { itemsOf, type ImportItem, type ImportSource, type TrajectoryImporter } from '../importer.js'
import { isList, recordsOf } from '../records.js'
import { detect } from './detect.js'
import { RawMessage } from './record.js'
import { exchangeFrom } from './trajectory.js'

/**
 * Anthropic Messages, as JSON, as a list or as JSONL: bodies of `POST /v1/messages`, responses, or pairs `{request, response}`. The shapes
 * are those of Anthropic's API reference (docs.claude.com, Messages) and of its SDK (anthropics/anthropic-sdk-typescript,
 * src/resources/messages/messages.ts). Requests that repeat each other's history are not joined: each is a trajectory.
 */
export const anthropicMessages: TrajectoryImporter = {
  format: 'anthropic-messages',
  extensions: ['.json', '.jsonl'],
  companions: [],
  detect,
  read,
}

async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  const conversation = await conversationIn(source)
  if (conversation !== null) {
    yield* itemsOf(conversation.ok ? exchangeFrom({ messages: conversation.value }, 0, source.path) : conversation)
    return
  }
  for await (const { value, index, where } of recordsOf(source)) {
    yield* itemsOf(value.ok ? exchangeFrom(value.value, index, where) : value)
  }
}

/** A list of messages alone, which is one conversation; null where the file is no such list. */
async function conversationIn(source: ImportSource): Promise<Result<readonly unknown[]> | null> {
  if (!isList(source.head) || !(await beginsWithMessage(source))) return null
  const list = await readDocument(source.path, source.maxDocumentBytes)
  if (!list.ok) return list
  const all = list.value as readonly unknown[]
  return all.every(isMessage) ? done(all) : null
}

async function beginsWithMessage(source: ImportSource): Promise<boolean> {
  for await (const { value } of recordsOf(source)) return value.ok && isMessage(value.value)
  return false
}

const isMessage = (value: unknown): boolean => RawMessage.safeParse(value).success
