import type { StopReason } from '../../../nouns/index.js'
import {
  beginningLength,
  firstMark,
  reasoning,
  text,
  unread,
  type Piece,
  type Reader,
  type ReadRequest,
} from './format.js'
import { Held, untilMore } from './held.js'

/** The tags of a family's calls. */
export interface CallTags {
  readonly open: string
  readonly close: string
  /** Tags around all calls together, which say nothing. */
  readonly around: readonly string[]
  /** White space that the template puts before a call by itself. */
  readonly before: RegExp
}

/** Of most families. */
export const TOOL_CALL: CallTags = { open: '<tool_call>', close: '</tool_call>', around: [], before: /\n$/ }

/** How calls between the tags are written. */
export interface TaggedCalls extends CallTags {
  /** Whether a closing tag after this text belongs to a value rather than to the call. */
  endsInsideValue(body: string): boolean
  /** Null where the text is no call. */
  read(body: string, request: ReadRequest): { readonly name: string; readonly arguments: string } | null
}

const THINK = '<think>'
const THOUGHT = '</think>'

/**
 * Reads answers with `<think>` reasoning at their beginning and calls between tags anywhere. White space that chat templates put
 * around these tags by themselves is left out, so that a message read here is rendered as the model wrote it.
 */
export function taggedReader(calls: TaggedCalls | null, request: ReadRequest): Reader {
  return new TaggedReader(request.tools.length === 0 ? null : calls, request)
}

class TaggedReader implements Reader {
  private mode: 'text' | 'reasoning' | 'call'
  private readonly held = new Held()
  /** From where `held` may have a closing tag that was not looked at. */
  private searched = 0
  /** White space whose use shows with what follows. */
  private space = ''
  private run: 'blank' | 'spoken' = 'blank'
  private readonly tags: readonly string[]
  private before: 'nothing' | 'text' | 'reasoning' | 'call' = 'nothing'

  constructor(
    private readonly calls: TaggedCalls | null,
    private readonly request: ReadRequest,
  ) {
    this.mode = request.startsInReasoning ? 'reasoning' : 'text'
    this.tags = calls === null ? [] : [calls.open, ...calls.around]
  }

  feed(chunk: string): readonly Piece[] {
    this.held.add(chunk)
    return untilMore(() => this.step())
  }

  end(reason: StopReason): readonly Piece[] {
    if (this.mode === 'reasoning') return this.think(this.held.take())
    if (this.mode === 'call' && this.calls !== null) return this.endCall(this.calls, reason)
    return [...this.say(this.held.take()), ...this.sayLastSpace()]
  }

  /** Null where nothing can be said before more has come. */
  private step(): readonly Piece[] | null {
    if (this.mode === 'call') return this.stepCall()
    const marks = this.marks()
    const found = marks.length === 0 ? null : firstMark(this.held.text, marks)
    if (found !== null)
      return [...this.speak(this.held.take(found.at)), ...this.pass(this.held.take(found.mark.length))]
    const keep = marks.length === 0 ? 0 : beginningLength(this.held.text, marks)
    return keep === this.held.text.length ? null : this.speak(this.held.take(this.held.text.length - keep))
  }

  /** Reasoning is opened only where nothing has been said yet: later the tag is something the model talks about. */
  private marks(): readonly string[] {
    if (this.mode === 'reasoning') return [THOUGHT]
    const unspoken = this.before === 'nothing' && this.run === 'blank' && this.held.text.trimStart().startsWith('<')
    return [...(unspoken ? [THINK] : []), ...this.tags]
  }

  private pass(mark: string): readonly Piece[] {
    if (mark === THOUGHT) return this.enter('text', 'reasoning')
    if (mark === THINK && this.run === 'spoken') return this.say(mark)
    if (mark === THINK) return this.enter('reasoning', 'nothing')
    const space = this.run === 'spoken' ? this.space.replace(this.calls?.before ?? '', '') : ''
    return [...text(space), ...this.enter(mark === this.calls?.open ? 'call' : 'text', 'call')]
  }

  private enter(mode: 'text' | 'reasoning' | 'call', before: 'nothing' | 'reasoning' | 'call'): readonly Piece[] {
    this.mode = mode
    this.before = before
    this.space = ''
    this.run = 'blank'
    this.searched = 0
    return []
  }

  private speak(said: string): readonly Piece[] {
    return this.mode === 'reasoning' ? this.think(said) : this.say(said)
  }

  private say(said: string): readonly Piece[] {
    const all = this.space + said
    const start = this.run === 'blank' && this.before === 'reasoning' ? all.replace(/^\n+/, '') : all
    const spoken = start.trimEnd()
    this.space = start.slice(spoken.length)
    if (spoken !== '') this.run = 'spoken'
    return text(spoken)
  }

  private sayLastSpace(): readonly Piece[] {
    return this.run === 'blank' && this.before === 'call' ? [] : text(this.space)
  }

  private think(thought: string): readonly Piece[] {
    const all = this.space + thought
    const start = this.run === 'blank' ? all.replace(/^\n+/, '') : all
    const spoken = start.replace(/\n+$/, '')
    this.space = start.slice(spoken.length)
    if (spoken !== '') this.run = 'spoken'
    return reasoning(spoken)
  }

  private stepCall(): readonly Piece[] | null {
    const { calls } = this
    if (calls === null) return null
    const at = this.held.text.indexOf(calls.close, this.searched)
    if (at < 0) {
      this.searched = Math.max(0, this.held.text.length - calls.close.length + 1)
      return null
    }
    this.searched = at + calls.close.length
    return calls.endsInsideValue(this.held.text.slice(0, at)) ? [] : this.closeCall(calls, at)
  }

  private closeCall(calls: TaggedCalls, at: number): readonly Piece[] {
    const body = this.held.take(at)
    this.held.take(calls.close.length)
    const call = calls.read(body, this.request)
    this.enter('text', 'call')
    if (call !== null) return [{ type: 'toolCall', ...call }]
    this.run = 'spoken'
    return unread(`${calls.open}${body}${calls.close}`, 'cannot be read')
  }

  /** A call whose closing tag is missing is one all the same where it can be read; else one that closed inside an endless string. */
  private endCall(calls: TaggedCalls, reason: StopReason): readonly Piece[] {
    const call = calls.read(this.held.text, this.request)
    if (call !== null) return [{ type: 'toolCall', ...call }]
    const at = this.held.text.indexOf(calls.close)
    if (at >= 0) return [...this.closeCall(calls, at), ...this.feed(''), ...this.end(reason)]
    return unread(`${calls.open}${this.held.take()}`, reason === 'length' ? 'was cut off' : 'was not closed')
  }
}
