import { readFileSync, statSync } from 'node:fs'
import { LineCounter, parseDocument, stringify, type Document } from 'yaml'
import type { z } from 'zod'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'
import { canonicalJson, diskFailure } from '../project/index.js'

/** A file that a person can read and review is far smaller. */
const MAX_BYTES = 32 << 20

/** What a file holds: its schema, the code of the failure where it does not fit, and where its fields are explained. */
interface YamlKind<Schema extends z.ZodType> {
  readonly schema: Schema
  readonly code: string
  readonly remedy: string
}

/**
 * Reads and validates a YAML file; what does not parse, does not fit or is not known fails with its line and field. It reads at once: of
 * hundreds of small files each takes less time than to hand it to another thread.
 */
export async function readYaml<Schema extends z.ZodType>(
  file: string,
  kind: YamlKind<Schema>,
): Promise<Result<z.infer<Schema>>> {
  try {
    const { size } = statSync(file)
    if (size > MAX_BYTES) return invalid(kind, file, `the file has ${size} bytes, more than ${MAX_BYTES}`)
    return parseYaml(readFileSync(file, 'utf8'), kind, file)
  } catch (error) {
    return failed(diskFailure(error, file))
  }
}

/** Validates YAML text; `file` names its place in the failure. */
function parseYaml<Schema extends z.ZodType>(
  text: string,
  kind: YamlKind<Schema>,
  file: string,
): Result<z.infer<Schema>> {
  const read = readDocument(text, kind, file)
  if (!read.ok) return read
  const { document, value, lines } = read.value
  const place = (path: readonly PropertyKey[]): string => `${file}:${lineOf(document, path, lines)}`
  const parsed = kind.schema.safeParse(value)
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path ?? []
    return invalid(kind, place(path), `${nameOf(path)}: ${parsed.error.issues[0]?.message ?? 'invalid'}`)
  }
  const unknown = firstDropped(value, parsed.data, [])
  return unknown === null ? done(parsed.data) : invalid(kind, place(unknown), `${nameOf(unknown)}: no such field`)
}

interface ReadDocument {
  readonly document: Document
  readonly value: unknown
  readonly lines: LineCounter
}

type Words = Pick<YamlKind<z.ZodType>, 'code' | 'remedy'>

function readDocument(text: string, kind: Words, file: string): Result<ReadDocument> {
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, { lineCounter: lines })
    const [error] = document.errors
    if (error === undefined) return done({ document, value: document.toJS() as unknown, lines })
    const where = `${file}:${lines.linePos(error.pos[0]).line}`
    return invalid(kind, where, error.message.split('\n')[0] ?? 'not YAML')
  } catch (error) {
    // Aliases that multiply and nesting that exhausts the stack are thrown, not listed.
    return invalid(kind, file, error instanceof Error ? error.message : String(error))
  }
}

/** YAML that a person can read and that parses back to an equal value. */
export function toYaml(value: unknown): string {
  const readable = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
  return parsesTo(readable, value) ? readable : `${JSON.stringify(value, null, 2)}\n`
}

function parsesTo(text: string, value: unknown): boolean {
  const document = parseDocument(text)
  return document.errors.length === 0 && canonicalJson(document.toJS()) === canonicalJson(value)
}

/** The path of the first field that validation left out: a misspelt condition would otherwise make a check weaker in silence. */
function firstDropped(raw: unknown, kept: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] | null {
  if (raw === null || typeof raw !== 'object' || kept === null || typeof kept !== 'object') return null
  for (const [key, value] of Object.entries(raw)) {
    if (!Object.hasOwn(kept, key)) return [...path, key]
    const inner = firstDropped(value, (kept as Record<string, unknown>)[key], [...path, key])
    if (inner !== null) return inner
  }
  return null
}

function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
    if (node?.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

const nameOf = (path: readonly PropertyKey[]): string => (path.length === 0 ? 'the file' : path.map(String).join('.'))

const invalid = (kind: Words, where: string, message: string): { readonly ok: false; readonly failure: Failure } =>
  failed({ kind: 'input', code: kind.code, message, where, remedy: kind.remedy })
