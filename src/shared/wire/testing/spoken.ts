import fc from 'fast-check'
import type { ResponseHead, Spoken, StreamWriter, WireMessage } from '../dialect.js'
import { reasoningKind } from '../reasoning-kind.js'

export const HEAD: ResponseHead = { id: 'x1', created: 1, model: 'checkpoint:mine' }

const words = fc.oneof(fc.string({ minLength: 1, unit: 'binary' }), fc.constantFrom('\n\n', 'data: x\n\n', 'ü€😀', ' '))
const argumentText = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.dictionary(fc.string(), fc.jsonValue()).map((one) => JSON.stringify(one, null, 2)),
  fc.constantFrom(
    '',
    '{}',
    ' {"a": 1.0, "b": -0} ',
    '{"a":1,"a":2}',
    '{"a":12345678901234567890}',
    '{"__proto__":1}',
    '{"a',
  ),
)
const usage = fc.record({ inputTokens: fc.integer({ min: 1, max: 99 }), outputTokens: fc.nat(99) })

/** What a model of an unknown name may say, in any order: it ends with one `stop`. */
export const spoken: fc.Arbitrary<readonly Spoken[]> = fc
  .record({
    said: fc.array(
      fc.oneof(
        words.map((text): Spoken => ({ type: 'text', text })),
        fc
          .record({ text: words, kind: fc.constantFrom('full' as const, 'summary' as const) })
          .map((one): Spoken => ({ type: 'reasoning', ...one })),
        fc
          .record({ name: fc.constantFrom('bash', 'read_file'), arguments: argumentText })
          .map((one): Spoken => ({ type: 'toolCall', id: '', ...one })),
      ),
      { maxLength: 8 },
    ),
    usage: fc.option(usage),
    raw: fc.option(words),
  })
  .map(({ said, usage: counted, raw }) => {
    const events = said.map((event, at): Spoken => (event.type === 'toolCall' ? { ...event, id: `call_${at}` } : event))
    const called = events.some(({ type }) => type === 'toolCall')
    return [
      ...oneKind(events),
      ...(raw === null ? [] : [{ type: 'raw' as const, text: raw }]),
      ...(counted === null ? [] : [{ type: 'usage' as const, usage: counted }]),
      { type: 'stop' as const, reason: called ? ('tool-calls' as const) : ('stop' as const) },
    ]
  })

/** One response has reasoning of one kind. */
function oneKind(events: readonly Spoken[]): readonly Spoken[] {
  const first = events.find((event) => event.type === 'reasoning')
  const kind = first?.type === 'reasoning' ? first.kind : reasoningKind({})
  return events.map((event) => (event.type === 'reasoning' ? { ...event, kind } : event))
}

/** What a person would say that the model said: its texts, its thoughts by stretches that nothing parts, its calls. */
export function told(events: readonly Spoken[]): Told {
  const thoughts: string[] = []
  let before = ''
  for (const event of events) {
    if (event.type === 'reasoning') {
      if (before === 'reasoning') thoughts.push(`${thoughts.pop() ?? ''}${event.text}`)
      else thoughts.push(event.text)
    }
    before = event.type
  }
  const reasoning = events.find((event) => event.type === 'reasoning')
  return {
    text: events.map((event) => (event.type === 'text' ? event.text : '')).join(''),
    reasoning: thoughts.join('\n\n'),
    ...(reasoning?.type === 'reasoning' ? { kind: reasoning.kind } : {}),
    calls: events.flatMap((event) =>
      event.type === 'toolCall' ? [{ id: event.id, name: event.name, arguments: event.arguments }] : [],
    ),
  }
}

export interface Told {
  readonly text: string
  readonly reasoning: string
  readonly kind?: 'full' | 'summary' | 'hidden'
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[]
}

export function toldBy(message: WireMessage | undefined): Told {
  const content = message?.content ?? ''
  return {
    text:
      typeof content === 'string'
        ? content
        : content.map((part) => (typeof part['text'] === 'string' ? part['text'] : '')).join(''),
    reasoning: message?.reasoning?.text ?? '',
    ...(message?.reasoning === undefined ? {} : { kind: message.reasoning.kind }),
    calls: (message?.toolCalls ?? []).map(({ id, name, arguments: exact }) => ({ id, name, arguments: exact })),
  }
}

export const streamed = (writer: StreamWriter, events: readonly Spoken[]): string =>
  [writer.begin(), ...events.flatMap((event) => [writer.idle(), writer.event(event)]), writer.end([])].join('')
