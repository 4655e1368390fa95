import type { StopReason } from '../../../nouns/index.js'
import {
  beginningLength,
  firstMark,
  reasoning,
  text,
  unread,
  type AnswerFormat,
  type Piece,
  type Reader,
  type ReadRequest,
} from './format.js'
import { Held, untilMore } from './held.js'

const MESSAGE = '<|message|>'
const ENDS = ['<|end|>', '<|call|>', '<|return|>', '<|start|>']
const FUNCTIONS = 'functions.'

type Kind = 'reasoning' | 'text' | 'call' | 'unknown'

/** gpt-oss: messages with a channel and a recipient each (the harmony response format). */
export const harmony: AnswerFormat = {
  name: 'harmony',
  readsCalls: true,
  marksAreSpecial: true,
  open: (request) => new HarmonyReader(request),
}

class HarmonyReader implements Reader {
  private readonly held = new Held()
  /** What stands before `<|message|>`; the prompt ends with `<|start|>assistant`. */
  private header: string | null = null
  private seen = false

  constructor(private readonly request: ReadRequest) {}

  feed(chunk: string): readonly Piece[] {
    this.held.add(chunk)
    return untilMore(() => this.step())
  }

  end(reason: StopReason): readonly Piece[] {
    if (this.header !== null) return this.close(this.held.take(), reason === 'length' ? 'cut' : 'whole')
    const rest = this.held.take()
    if (rest.trim() === '') return []
    const why = this.seen ? 'after the last message' : 'without channel and message'
    return [{ type: 'warning', text: `the answer has text ${why}; it stands in the content` }, ...text(rest)]
  }

  private step(): readonly Piece[] | null {
    if (this.header === null) return this.stepHeader()
    const found = firstMark(this.held.text, ENDS)
    if (found !== null) {
      const body = this.held.take(found.at)
      if (found.mark !== '<|start|>') this.held.take(found.mark.length)
      return this.close(body, 'whole')
    }
    if (!this.streams()) return null
    const keep = beginningLength(this.held.text, ENDS)
    return keep === this.held.text.length ? null : this.speak(this.held.take(this.held.text.length - keep))
  }

  private stepHeader(): readonly Piece[] | null {
    const at = this.held.text.indexOf(MESSAGE)
    if (at < 0) return null
    this.header = this.held.take(at)
    this.held.take(MESSAGE.length)
    this.seen = true
    return []
  }

  private kind(): Kind {
    const header = this.header ?? ''
    const role = /^\s*(?:<\|start\|>)?\s*(\w*)/.exec(header)?.[1] ?? ''
    const channel = /<\|channel\|>\s*(\w+)/.exec(header)?.[1]
    // Without `<|start|>` the first word is a recipient or nothing.
    if (role !== '' && role !== 'assistant' && role !== 'to') return 'unknown'
    if (this.recipient() !== null) return 'call'
    if (channel === 'analysis') return 'reasoning'
    return channel === 'final' || channel === 'commentary' ? 'text' : 'unknown'
  }

  private recipient(): string | null {
    return /(?:^|[\s>])to=([^\s<]+)/.exec(this.header ?? '')?.[1] ?? null
  }

  private streams(): boolean {
    return this.kind() === 'reasoning' || this.kind() === 'text'
  }

  private speak(said: string): readonly Piece[] {
    return this.kind() === 'reasoning' ? reasoning(said) : text(said)
  }

  private close(body: string, ended: 'whole' | 'cut'): readonly Piece[] {
    const pieces = this.streams() ? this.speak(body) : this.closeCall(body, ended)
    this.header = null
    return pieces
  }

  private closeCall(body: string, ended: 'whole' | 'cut'): readonly Piece[] {
    const raw = `${this.header ?? ''}${MESSAGE}${body}`
    const recipient = this.recipient()
    if (this.kind() === 'unknown' || recipient === null) {
      return [{ type: 'warning', text: 'a message is of no known channel; it stands in the content' }, ...text(raw)]
    }
    if (ended === 'cut') return unread(raw, 'was cut off')
    const called = recipient.startsWith(FUNCTIONS) ? recipient.slice(FUNCTIONS.length) : ''
    if (called === '' || this.request.tools.length === 0)
      return unread(raw, `goes to ${recipient}, which is no tool here`)
    return [{ type: 'toolCall', name: called, arguments: body }]
  }
}
