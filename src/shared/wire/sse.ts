/** One event of a stream (WHATWG HTML, "Server-sent events"). */
export interface ServerEvent {
  readonly event?: string
  readonly data: string
  /** The text ended before the empty line that ends an event. */
  readonly isCut?: true
}

const LINE = /\r\n|\n|\r/g
const BYTE_ORDER_MARK = '\ufeff'

/** The events of a stream, however it ends its lines; one without data is none. */
export function* readEvents(text: string): Generator<ServerEvent> {
  let name = ''
  let data: string[] = []
  const event = (): ServerEvent => ({ ...(name === '' ? {} : { event: name }), data: data.join('\n') })
  for (const line of linesOf(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text)) {
    if (line === '') {
      if (data.length > 0) yield event()
      name = ''
      data = []
      continue
    }
    const [field, value] = fieldOf(line)
    if (field === 'data') data.push(value)
    else if (field === 'event') name = value
  }
  if (data.length > 0) yield { ...event(), isCut: true }
}

/** As one event of a stream. @param data without line ends, as JSON is written */
export const writeEvent = (data: string, event?: string): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`

function* linesOf(text: string): Generator<string> {
  let start = 0
  for (const { index, 0: end } of text.matchAll(LINE)) {
    yield text.slice(start, index)
    start = index + end.length
  }
  if (start < text.length) yield text.slice(start)
}

/** A comment is a field without a name. */
function fieldOf(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  if (colon === -1) return [line, '']
  const value = line.slice(colon + 1)
  return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value]
}
