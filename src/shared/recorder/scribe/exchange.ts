import type { AgentHabits } from '../../agents/index.js'
import type { RecordedCall } from '../call.js'
import type { CallEnd, WireLog } from '../log/index.js'
import { placeOf, queryOf, type Place } from '../place.js'
import type { HeaderPairs, Secrets } from '../redact/index.js'
import { isPlain } from '../decode.js'
import { HeldBody, type FinishedBody } from './held-body.js'
import { readCall } from './read-call.js'
import { StreamedBody } from './streamed-body.js'

export interface ExchangeSetting {
  readonly log: WireLog
  readonly secrets: Secrets
  readonly habits: AgentHabits
  readonly warn: (line: string) => void
}

/** A request's head, without keys. */
export interface Head {
  readonly call: string
  /** ISO 8601. */
  readonly time: string
  readonly route: string
  readonly method: string
  readonly url: string
  readonly path: string
  readonly headers: HeaderPairs
}

/** The same of an answer. */
export interface AnswerHead {
  readonly ms: number
  readonly status: number
  readonly headers: HeaderPairs
}

/** One exchange on its way into the log, and read when it is over. */
export class Exchange {
  readonly #head: Head
  readonly #setting: ExchangeSetting
  readonly #place: Place | null
  readonly #request: HeldBody
  #requestText: string | null | undefined
  #answerHead: AnswerHead | undefined
  #streamed: StreamedBody | undefined
  #held: HeldBody | undefined

  constructor(head: Head, setting: ExchangeSetting) {
    this.#head = head
    this.#setting = setting
    this.#place = placeOf(head.method, head.path, queryOf(head.url))
    this.#request = new HeldBody(setting.log, setting.secrets)
    const { call, time, route, method, url, headers } = head
    setting.log.add({ type: 'request', call, time, route, method, url, headers })
  }

  get call(): string {
    return this.#head.call
  }

  /** Where it went, where that is no call to a model. */
  get otherPath(): string | undefined {
    return this.#isGenerate ? undefined : this.#head.path
  }

  requestBytes(bytes: Buffer): void {
    this.#request.push(bytes)
  }

  requestEnd(ms: number, isWhole: boolean): void {
    if (this.#requestText !== undefined) return
    const body = this.#request.finish(this.#bodyHead(this.#head.headers))
    this.#requestText = body.text
    this.#tellEncoding('request', body)
    if (body.pieces.length === 0 && isWhole) return
    this.#setting.log.add({
      type: 'request-body',
      call: this.call,
      ms,
      body: body.pieces,
      ...(body.encoding === undefined ? {} : { encoding: body.encoding }),
      ...(isWhole ? {} : { isCut: true }),
    })
  }

  response(head: AnswerHead): void {
    this.#answerHead = head
    const { log, secrets } = this.#setting
    const streams = this.#isGenerate && isPlain(valueOf(head.headers, 'content-encoding'))
    if (streams) this.#streamed = new StreamedBody(secrets)
    else this.#held = new HeldBody(log, secrets)
    log.add({ type: 'response', call: this.call, ms: head.ms, status: head.status, headers: head.headers })
  }

  responseBytes(ms: number, bytes: Buffer): void {
    this.#streamed?.push(ms, bytes)
    this.#held?.push(bytes)
  }

  /** Writes what of the answer came since the last time. */
  flush(): void {
    const chunks = this.#streamed?.takeWaiting() ?? []
    if (chunks.length > 0) this.#setting.log.add({ type: 'chunks', call: this.call, chunks })
  }

  /** Writes the rest. @returns what was said; null where it was no call to a model, or cannot be read */
  end(ms: number, how: CallEnd, problem: string | undefined): RecordedCall | null {
    this.requestEnd(ms, false)
    const text = this.#answerText(ms)
    const { log, habits, warn } = this.#setting
    log.add({ type: 'end', call: this.call, ms, how, ...(problem === undefined ? {} : { problem }) })
    if (this.#place?.operation.kind !== 'generate') return null
    const read = readCall(
      {
        ...{ id: this.call, time: this.#head.time, headers: this.#head.headers, durationMs: ms },
        ...{ requestText: this.#requestText ?? null, responseText: text, how, problem },
        status: this.#answerHead?.status,
      },
      { ...this.#place, habits },
    )
    if ('unread' in read) warn(`call ${this.call} is in the log, not in the trajectory: ${read.unread}`)
    return 'unread' in read ? null : read
  }

  get #isGenerate(): boolean {
    return this.#place?.operation.kind === 'generate'
  }

  #answerText(ms: number): string | null {
    if (this.#streamed !== undefined) {
      const { text, isAll } = this.#streamed.finish(ms)
      this.flush()
      if (!isAll) this.#setting.warn(`call ${this.call}: its answer is read only in part, it is too long`)
      return text
    }
    if (this.#held === undefined || this.#answerHead === undefined) return null
    const body = this.#held.finish(this.#bodyHead(this.#answerHead.headers))
    this.#tellEncoding('answer', body)
    const { pieces, encoding } = body
    const chunks = pieces.map((piece) => [ms, piece] as const)
    if (chunks.length > 0) {
      this.#setting.log.add({
        type: 'chunks',
        call: this.call,
        chunks,
        ...(encoding === undefined ? {} : { encoding }),
      })
    }
    return body.text
  }

  #bodyHead(headers: HeaderPairs) {
    return {
      encoding: valueOf(headers, 'content-encoding'),
      type: valueOf(headers, 'content-type'),
      isKnown: this.#place !== null,
    }
  }

  #tellEncoding(part: string, { encoding }: FinishedBody): void {
    if (encoding === undefined) return
    this.#setting.warn(
      `call ${this.call}: the ${part} is compressed with ${encoding}, which cannot be read here; it is in the log as it came`,
    )
  }
}

const valueOf = (headers: HeaderPairs, name: string): string =>
  headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? ''
