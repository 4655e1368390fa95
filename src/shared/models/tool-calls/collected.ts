import type { StopReason } from '../../../nouns/index.js'
import { beginningLength, text, unread, type Piece, type Reader, type ReadRequest } from './format.js'
import { Held } from './held.js'

/** How calls are written that end an answer, from a tag on. */
export interface CollectedCalls {
  readonly tag: string
  /** Whether an answer that begins with this may be calls without the tag. */
  mayBegin(text: string): boolean
  /** What stands after the tag, or the whole answer where there is none; null where it is no calls. */
  read(body: string, form: 'tagged' | 'untagged'): readonly Piece[] | null
  /** Whether an answer without the tag, which cannot be read, was meant to be calls. */
  wasMeant(body: string): boolean
}

/** Reads answers whose end is calls: what may be one is held back, and shows at the end what it is. */
export function collectingReader(calls: CollectedCalls, request: ReadRequest): Reader {
  return new CollectingReader(calls, request)
}

class CollectingReader implements Reader {
  private readonly held = new Held()
  private spoken = false
  private collecting = false

  constructor(
    private readonly calls: CollectedCalls,
    private readonly request: ReadRequest,
  ) {}

  feed(chunk: string): readonly Piece[] {
    this.held.add(chunk)
    if (this.collecting) return []
    if (this.request.tools.length === 0) return this.say()
    const { tag } = this.calls
    const begins = this.held.text.trimStart()
    if (!this.spoken && this.calls.mayBegin(begins)) return this.collect(0)
    const at = this.held.text.indexOf(tag)
    if (at >= 0) return this.collect(at)
    return !this.spoken && begins === '' ? [] : this.say(this.held.text.length - beginningLength(this.held.text, [tag]))
  }

  end(reason: StopReason): readonly Piece[] {
    if (!this.collecting) return this.say()
    const all = this.held.take()
    const { tag } = this.calls
    const form = all.startsWith(tag) ? 'tagged' : 'untagged'
    const body = form === 'tagged' ? all.slice(tag.length) : all
    const pieces = this.calls.read(body, form)
    if (pieces !== null) return pieces
    const isAnswer = form === 'untagged' && !this.calls.wasMeant(body)
    return isAnswer ? text(all) : unread(all, reason === 'length' ? 'was cut off' : 'cannot be read')
  }

  private collect(at: number): readonly Piece[] {
    const said = this.say(at)
    this.collecting = true
    return said
  }

  private say(length?: number): readonly Piece[] {
    const said = this.held.take(length)
    if (said.trim() !== '') this.spoken = true
    return text(said)
  }
}
