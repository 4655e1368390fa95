import { field, fieldsOf, isFields, type Fields } from '../../json/index.js'
import type { Part } from './parts.js'

/** The API's own fields in camelCase, however they were written: JSON of protocol buffers may have either. Values are left as they are. */
export function camel(value: unknown): Fields {
  const fields = fieldsOf(value)
  if (!Object.keys(fields).some((key) => SNAKE.test(key))) return fields
  return Object.fromEntries(Object.entries(fields).map(([key, one]) => [camelName(key), one]))
}

const SNAKE = /^(?!limi_)[a-z]+_[a-z_]+$/

const camelName = (key: string): string =>
  SNAKE.test(key) ? key.replace(/_+([a-z])/g, (_all, letter: string) => letter.toUpperCase()) : key

/** Parts of a content, whatever stands in its place. */
export function partsIn(content: unknown): readonly Part[] {
  const given = isFields(content) && field(content, 'parts') !== undefined ? content['parts'] : content
  if (given === undefined || given === null) return []
  return [given].flat().map(partOf)
}

function partOf(given: unknown): Part {
  if (typeof given === 'string') return { text: given }
  const fields = camel(given)
  const part: Fields = {
    ...fields,
    ...(isFields(fields['functionCall']) ? { functionCall: named(camel(fields['functionCall'])) } : {}),
    ...(isFields(fields['functionResponse']) ? { functionResponse: camel(fields['functionResponse']) } : {}),
    ...(isFields(fields['inlineData']) ? { inlineData: camel(fields['inlineData']) } : {}),
    ...(isFields(fields['fileData']) ? { fileData: camel(fields['fileData']) } : {}),
  }
  return isFields(given) && isPart(part) ? part : { type: 'unreadable', value: given }
}

const named = (call: Fields): Fields => (typeof call['name'] === 'string' ? call : { ...call, name: '' })

function isPart(part: Fields): part is Part {
  const { text, thought, thoughtSignature, functionCall, functionResponse } = part
  return (
    isAbsentOr(text, 'string') &&
    (isAbsentOr(thought, 'string') || typeof thought === 'boolean') &&
    isAbsentOr(thoughtSignature, 'string') &&
    [functionCall, functionResponse].every((one) => one === undefined || one === null || isFields(one))
  )
}

const isAbsentOr = (value: unknown, type: 'string'): boolean =>
  value === undefined || value === null || typeof value === type
