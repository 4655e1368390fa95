import type { Failure, Result } from '../../../../nouns/index.js'
import { readDocument, validate } from '../document.js'
import type { ImportSource } from '../importer.js'
import { readJsonLines } from '../json-lines.js'
import { omit } from '../omit.js'
import { isJsonLines } from './detect.js'
import { SessionDocument, MessageRecord, Metadata, RewindRecord, SetRecord } from './record.js'

/** One thing that a session's file says, in order. */
export type Said =
  | { readonly kind: 'session'; readonly metadata: Metadata }
  | { readonly kind: 'message'; readonly record: MessageRecord }
  | { readonly kind: 'history'; readonly records: readonly MessageRecord[] }
  | { readonly kind: 'rewind'; readonly id: string }
  | { readonly kind: 'set'; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'bad'; readonly failure: Failure }

/** What a session's file says, whichever form it has. */
export async function* saidIn(source: Pick<ImportSource, 'path' | 'head' | 'maxDocumentBytes'>): AsyncGenerator<Said> {
  if (!isJsonLines(source.head)) {
    yield* saidInDocument(source)
    return
  }
  for await (const { value, where } of readJsonLines(source.path)) {
    if (value.ok) yield* saidInRecord(value.value, where)
    else yield { kind: 'bad', failure: value.failure }
  }
}

async function* saidInDocument(source: Pick<ImportSource, 'path' | 'maxDocumentBytes'>): AsyncGenerator<Said> {
  const document = await readDocument(source.path, source.maxDocumentBytes)
  const whole = document.ok ? validate(document.value, SessionDocument, source.path) : document
  if (!whole.ok) {
    yield { kind: 'bad', failure: whole.failure }
    return
  }
  yield { kind: 'session', metadata: omit(whole.value, 'messages') as Metadata }
  for (const [at, one] of whole.value.messages.entries()) yield* saidInRecord(one, `${source.path}, messages[${at}]`)
}

function* saidInRecord(value: unknown, where: string): Generator<Said> {
  const rewind = RewindRecord.safeParse(value)
  if (rewind.success) yield { kind: 'rewind', id: rewind.data.$rewindTo }
  else if (SetRecord.safeParse(value).success) yield* saidInSet(value as SetRecord, where)
  else if (isSession(value)) yield { kind: 'session', metadata: value }
  else yield said(validate(value, MessageRecord, where))
}

function* saidInSet({ $set }: SetRecord, where: string): Generator<Said> {
  const { messages, ...fields } = $set
  if (Array.isArray(messages)) {
    const records = messages.map((one, at) => validate(one, MessageRecord, `${where}, $set.messages[${at}]`))
    for (const record of records) if (!record.ok) yield { kind: 'bad', failure: record.failure }
    yield { kind: 'history', records: records.flatMap((record) => (record.ok ? [record.value] : [])) }
  } else if (messages !== undefined) yield { kind: 'set', fields: { messages } }
  if (Object.keys(fields).length > 0) yield { kind: 'set', fields }
}

const said = (record: Result<MessageRecord>): Said =>
  record.ok ? { kind: 'message', record: record.value } : { kind: 'bad', failure: record.failure }

const isSession = (value: unknown): value is Metadata =>
  Metadata.safeParse(value).success && !MessageRecord.safeParse(value).success
