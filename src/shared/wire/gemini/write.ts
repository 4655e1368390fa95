import type { StopReason, Usage } from '../../../nouns/index.js'
import type { ResponseHead, Spoken, StreamWriter, WireProblem, WireRequest } from '../dialect.js'
import { EXACT, KIND } from '../marks.js'
import { reasoningKind } from '../reasoning-kind.js'
import { shownArguments } from '../shown-arguments.js'
import { writeEvent } from '../sse.js'
import { Gatherer } from './gathered.js'
import { MARKS, withoutMarks } from './marked.js'
import type { Part } from './parts.js'
import { problem } from './problem.js'
import { isWrapped } from './request.js'
import { usageOn } from './usage.js'

/** Names of the stop reasons in Gemini; a call is no reason of its own. */
const FINISH: Readonly<Record<StopReason, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
  other: 'OTHER',
}

/** What a model says as the documents of a stream of `GenerateContentResponse`. */
class ChunkWriter {
  readonly #head: ResponseHead
  #usage: Usage | undefined
  #raw: string | undefined

  constructor(head: ResponseHead) {
    this.#head = head
  }

  chunk(part: Part, more: object = {}, beside: object = {}): object {
    const candidate = { ...contentOf([part]), ...more, index: 0 }
    return { candidates: [candidate], ...beside, modelVersion: this.#head.model, responseId: this.#head.id }
  }

  chunksOf(spoken: Spoken): readonly object[] {
    switch (spoken.type) {
      case 'text':
        return spoken.text === '' ? [] : [this.chunk({ text: spoken.text })]
      case 'reasoning':
        return this.#thought(spoken)
      case 'toolCall':
        return [this.chunk(callPart(spoken))]
      case 'usage':
        this.#usage = spoken.usage
        return []
      case 'raw':
        this.#raw = spoken.text
        return []
      case 'stop':
        return [this.#end(spoken.reason)]
    }
  }

  #thought({ text, kind, signature }: Extract<Spoken, { type: 'reasoning' }>): readonly object[] {
    if (text === '' && signature === undefined) return []
    const isNamed = kind === 'hidden' || kind === reasoningKind({ model: this.#head.model })
    const signed = signature === undefined ? {} : { thoughtSignature: signature }
    return [this.chunk({ text, thought: true, ...(isNamed ? {} : { [KIND]: kind }), ...signed })]
  }

  /** As the API itself ends: with a text that says nothing. */
  #end(reason: StopReason): object {
    const usage = this.#usage === undefined ? {} : { usageMetadata: usageOn(this.#usage) }
    const raw = this.#raw === undefined ? {} : { limi_raw: this.#raw }
    return this.chunk({ text: '' }, { finishReason: FINISH[reason] }, { ...usage, ...raw })
  }
}

/** Marks stand beside the parts: the official client complains of fields of a part that it does not know. */
function contentOf(parts: readonly Part[]): object {
  const { plain, marks } = withoutMarks(parts)
  return { content: { role: 'model', parts: plain }, ...(marks === null ? {} : { [MARKS]: marks }) }
}

/** A call's text that is no object, or is written otherwise than its value, stands beside it. */
function callPart({ id, name, arguments: exact }: Extract<Spoken, { type: 'toolCall' }>): Part {
  const args = JSON.parse(shownArguments(exact)) as unknown
  return { functionCall: { id, name, args }, ...(JSON.stringify(args) === exact ? {} : { [EXACT]: exact }) }
}

const wrap = (document: object, request: WireRequest): object =>
  isWrapped(request) ? { response: document } : document

export function streamWriter(head: ResponseHead, request: WireRequest): StreamWriter {
  return request.list === true ? listWriter(head, request) : eventWriter(head, request)
}

function eventWriter(head: ResponseHead, request: WireRequest): StreamWriter {
  const writer = new ChunkWriter(head)
  const written = (chunk: object): string => writeEvent(JSON.stringify(wrap(chunk, request)))
  return {
    begin: () => '',
    event: (spoken) => writer.chunksOf(spoken).map(written).join(''),
    // Older clients take nothing but data, and Gemini CLI passes over a thought that is empty.
    idle: () => written(writer.chunk({ text: '', thought: true })),
    fail: (cause: WireProblem) => writeEvent(JSON.stringify(problem(cause))),
    end: () => '',
  }
}

/** Without `alt=sse` the documents of a stream are the elements of a list. */
function listWriter(head: ResponseHead, request: WireRequest): StreamWriter {
  const writer = new ChunkWriter(head)
  let before = '['
  const written = (chunk: object): string => {
    const text = `${before}${JSON.stringify(chunk)}`
    before = ',\r\n'
    return text
  }
  return {
    contentType: 'application/json',
    begin: () => '',
    event: (spoken) =>
      writer
        .chunksOf(spoken)
        .map((chunk) => written(wrap(chunk, request)))
        .join(''),
    idle: () => '\n',
    fail: (cause) => `${written(problem(cause))}]`,
    end: () => ']',
  }
}

export function wholeResponse(
  head: ResponseHead,
  events: readonly Spoken[],
  warnings: readonly string[],
  request: WireRequest,
): unknown {
  const writer = new ChunkWriter(head)
  const gatherer = new Gatherer()
  for (const chunk of events.flatMap((one) => writer.chunksOf(one))) gatherer.take(chunk, '')
  const { usageMetadata, ...rest } = gatherer.head
  const isCounted = Object.keys(usageMetadata ?? {}).length > 0
  const document = {
    candidates: [{ ...contentOf(gatherer.parts.map(({ part }) => part)), ...gatherer.candidate }],
    ...(isCounted ? { usageMetadata } : {}),
    ...rest,
    ...(warnings.length === 0 ? {} : { limi_warnings: [...warnings] }),
  }
  return wrap(document, request)
}
