import { isFields } from '../../json/index.js'
import type { ResponseHead, Spoken, StreamWriter } from '../dialect.js'
import { EXACT } from '../marks.js'
import { writeEvent } from '../sse.js'
import type { Block } from './block.js'
import { problem } from './problem.js'
import { Receiver } from './received.js'
import { EventWriter, type WireEvent } from './write.js'

const written = (events: readonly WireEvent[]): string =>
  events.map((event) => writeEvent(JSON.stringify(event), event.type)).join('')

export function streamWriter(head: ResponseHead): StreamWriter {
  const writer = new EventWriter(head)
  const ping = { type: 'ping' }
  return {
    begin: () => written([...writer.begin(), ping]),
    event: (event) => written(writer.events(event)),
    idle: () => written([ping]),
    fail: (cause) => written([problem(cause)]),
    end: (warnings) => written([{ type: 'message_stop', ...warned(warnings) }]),
  }
}

/** The message that the official client makes of the same stream. */
export function wholeResponse(head: ResponseHead, events: readonly Spoken[], warnings: readonly string[]): unknown {
  const writer = new EventWriter(head)
  const receiver = new Receiver()
  for (const event of [...writer.begin(), ...events.flatMap((one) => writer.events(one))]) receiver.take(event)
  const { head: message, blocks, inputs } = receiver.received()
  return { ...message, content: blocks.map((block, at) => exactly(block, inputs[at])), ...warned(warnings) }
}

/** A call's text stands beside its value where this one is written otherwise. */
function exactly(block: Block, text: string | undefined): Block {
  const isShown = text === undefined || !isFields(block['input']) || JSON.stringify(block['input']) === text
  return isShown || EXACT in block ? block : { ...block, [EXACT]: text }
}

const warned = (warnings: readonly string[]): object => (warnings.length === 0 ? {} : { limi_warnings: [...warnings] })
