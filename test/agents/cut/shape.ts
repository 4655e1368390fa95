import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Message } from '../../../src/nouns/index.js'
import { RecordingManifest, RecordingMeta, rereadRecording } from '../../../src/shared/recorder/index.js'

/** Who spoke where in a recording, and why each other call is none of it. */
export async function shapeOf(folder: string): Promise<object> {
  const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(path.join(folder, name), 'utf8'))
  const meta = RecordingMeta.parse(await json('meta.json'))
  if (meta.header === undefined) throw new Error(`${folder}: meta.json has no header`)
  const manifest = RecordingManifest.parse(await json('manifest.json'))
  const { events } = await rereadRecording({
    log: path.join(folder, 'wire.jsonl'),
    meta,
    manifest,
    header: meta.header,
  })
  return events.flatMap((event): object[] => {
    if (event.type === 'message') return [{ thread: event.thread, ...told(event.message) }]
    if (event.type === 'aside') return [{ why: event.aside.why, messages: event.aside.messages.map(told) }]
    return event.type === 'tools' ? [] : [event]
  })
}

const told = ({ id, role, origin, toolCalls = [], toolCallId }: Message): object => ({
  ...{ id, role, origin, isResult: toolCallId !== undefined },
  calls: toolCalls.map(({ name, arguments: text }) => [name, text]),
})
