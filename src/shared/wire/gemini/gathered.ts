import { field, fieldsOf, listIn, omit, rawFields, rawItems, type Fields } from '../../json/index.js'
import { errorWords } from '../error-words.js'
import { KIND } from '../marks.js'
import { MARKS, withMarks } from './marked.js'
import { camel, partsIn } from './names.js'
import type { Part } from './parts.js'
import { PartialArguments } from './partial.js'

/** A part, and the exact text of its call's arguments. */
export interface GatheredPart {
  readonly part: Part
  readonly args?: string
}

/** Puts the answer together from the documents of its stream: what goes on in the next is joined, all else stays a part. */
export class Gatherer {
  readonly parts: GatheredPart[] = []
  /** The answer without its first candidate, what is said last of each field. */
  head: Fields = {}
  /** The first candidate without its content. */
  candidate: Fields = {}
  error: string | undefined
  readonly unknown: unknown[] = []
  #partial: PartialArguments | null = null

  /** @param text of the value, for what its values do not tell */
  take(value: unknown, text: string): void {
    const wrapped = field(value, 'response')
    const inner = wrapped === undefined ? value : wrapped
    const source = wrapped === undefined ? text : (rawFields(text).get('response') ?? '')
    if (field(inner, 'error') !== undefined) this.error = errorWords(inner)
    const [first, ...others] = listIn(inner, 'candidates')
    this.head = {
      ...this.head,
      ...(wrapped === undefined ? {} : omit(fieldsOf(value), 'response')),
      ...omit(fieldsOf(inner), 'candidates', 'error', 'usageMetadata'),
      ...(others.length === 0 ? {} : { otherCandidates: others }),
      usageMetadata: { ...fieldsOf(this.head['usageMetadata']), ...fieldsOf(field(inner, 'usageMetadata')) },
    }
    this.candidate = { ...this.candidate, ...omit(camel(first), 'content', MARKS) }
    const parts = withMarks(partsIn(field(first, 'content')), first)
    const sources = parts.some(isCall) ? partSources(source) : []
    for (const [at, part] of parts.entries()) this.#add(part, sources[at])
  }

  #add(part: Part, source: string | undefined): void {
    const call = part.functionCall
    if (call !== null && call !== undefined) this.#addCall(part, source)
    else if (isWords(part) || isThoughts(part)) this.#addText(part)
    else if (isThoughts(omit(part, 'thoughtSignature')) && part.thought === true) this.#sign(part)
    else this.parts.push({ part })
  }

  /** Words go on where the part before is of the same kind; nothing said is no part. */
  #addText(part: Part): void {
    const text = part.text ?? ''
    const last = this.parts.at(-1)?.part
    if (text === '') return
    if (last === undefined || !isSameKind(last, part)) this.parts.push({ part })
    else this.parts[this.parts.length - 1] = { part: { ...last, text: `${last.text ?? ''}${text}` } }
  }

  /** A signature closes the thought before it. */
  #sign(part: Part): void {
    const last = this.parts.at(-1)?.part
    if (last === undefined || !isSameKind(last, omit(part, 'thoughtSignature'))) this.parts.push({ part })
    else
      this.parts[this.parts.length - 1] = { part: { ...last, ...part, text: `${last.text ?? ''}${part.text ?? ''}` } }
  }

  #addCall(part: Part, source: string | undefined): void {
    const call = fieldsOf(part.functionCall)
    const isNew = call['name'] !== ''
    if (isNew) {
      this.#partial = call['willContinue'] === true ? new PartialArguments() : null
      const args = rawFields(
        rawFields(source ?? '').get('functionCall') ?? rawFields(source ?? '').get('function_call') ?? '',
      ).get('args')
      this.parts.push({ part, ...(args === undefined ? {} : { args }) })
    }
    if (this.#partial === null) {
      if (!isNew) this.unknown.push(part)
      return
    }
    if (!this.#partial.take(call)) this.unknown.push(call)
    const isOpen = call['willContinue'] === true
    this.#grow(this.#partial.value, isOpen ? this.#partial.text : undefined)
    if (!isOpen) this.#partial = null
  }

  /** @param text of a call that goes on */
  #grow(value: unknown, text: string | undefined): void {
    const at = this.parts.findLastIndex(({ part }) => isCall(part))
    const part = this.parts[at]?.part
    const call = part?.functionCall
    if (part === undefined || call === null || call === undefined) return
    const functionCall = { ...omit(call, 'willContinue', 'partialArgs'), name: call.name, args: value }
    this.parts[at] = { part: { ...part, functionCall }, ...(text === undefined ? {} : { args: text }) }
  }
}

const partSources = (text: string): readonly string[] => {
  const [candidate = ''] = rawItems(rawFields(text).get('candidates') ?? '')
  return rawItems(rawFields(rawFields(candidate).get('content') ?? '').get('parts') ?? '')
}

const isCall = ({ functionCall }: Part): boolean => functionCall !== null && functionCall !== undefined

const keysOf = (part: object): string => Object.keys(part).sort().join()
const isWords = (part: Part): boolean => keysOf(part) === 'text'
const isThoughts = (part: Fields): boolean => part['thought'] === true && keysOf(omit(part, KIND)) === 'text,thought'

const isSameKind = (one: Part, other: Part): boolean =>
  (isWords(one) && isWords(other)) || (isThoughts(one) && isThoughts(other) && one[KIND] === other[KIND])
