import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import { done, failed, ProjectConfig, type Failure, type Result } from '../../nouns/index.js'
import { diskFailure } from './disk-failure.js'
import { nearest } from './nearest.js'

export interface LoadedConfig {
  readonly config: ProjectConfig
  /** One line a thing that was passed over, for example an unknown key. */
  readonly warnings: readonly string[]
}

/** Reads and validates `limi.yaml`. A damaged file names line and field; an unknown key is a warning with the nearest known one. */
export async function loadConfig(file: string): Promise<Result<LoadedConfig>> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    return failed(diskFailure(error, file))
  }
  return parseConfig(text, file)
}

export function parseConfig(text: string, file: string): Result<LoadedConfig> {
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, { lineCounter: lines })
    const [syntax] = document.errors
    if (syntax === undefined) {
      const warnings = document.warnings.map((one) => `${file}:${lines.linePos(one.pos[0]).line}: ${firstLine(one)}`)
      return validate(document, (document.toJS() ?? {}) as Record<string, unknown>, lines, file, warnings)
    }
    return failed(invalid(`${file}:${lines.linePos(syntax.pos[0]).line}`, firstLine(syntax)))
  } catch (error) {
    // Aliases that multiply and nesting that exhausts the stack are thrown, not listed.
    return failed(invalid(file, error instanceof Error ? error.message : String(error)))
  }
}

const firstLine = ({ message }: Error): string => message.split('\n')[0] ?? 'not YAML'

function validate(
  document: Document,
  value: Record<string, unknown>,
  lines: LineCounter,
  file: string,
  warnings: readonly string[],
): Result<LoadedConfig> {
  // Without zod's compiled checks: of one file they take longer to make than they save.
  const parsed = ProjectConfig.safeParse(value, { jitless: true })
  if (parsed.success) return done({ config: parsed.data, warnings })
  const issues = parsed.error.issues.flatMap(withinUnion)
  const unknown = unknownKey(issues)
  if (unknown === null) return failed(describe(document, issues, lines, file))
  const line = lineOf(document, [...unknown.path, unknown.key], lines)
  const guess = nearest(unknown.key, knownKeys(unknown.path))
  const hint = guess === null ? '' : `; did you mean ${guess}?`
  const warning = `${file}:${line}: unknown key ${[...unknown.path, unknown.key].join('.')} is ignored${hint}`
  return validate(document, without(value, unknown.path, unknown.key), lines, file, [...warnings, warning])
}

type Path = readonly PropertyKey[]

/** Of a value that fits none of several forms, what keeps it from the form that it is closest to. */
function withinUnion(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const [closest] = [...issue.errors].sort((a, b) => distance(a) - distance(b))
  if (closest === undefined) return [issue]
  return closest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(withinUnion)
}

const distance = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)

function unknownKey(issues: readonly z.core.$ZodIssue[]): { path: Path; key: string } | null {
  const issue = issues.find((candidate) => candidate.code === 'unrecognized_keys')
  if (issue?.code !== 'unrecognized_keys') return null
  const [key] = issue.keys
  return key === undefined ? null : { path: issue.path, key }
}

function without(value: Record<string, unknown>, path: Path, key: string): Record<string, unknown> {
  const copy = structuredClone(value)
  const parent = path.reduce<Record<PropertyKey, unknown>>((at, step) => at[step] as Record<PropertyKey, unknown>, copy)
  Reflect.deleteProperty(parent, key)
  return copy
}

/** The keys that the schema knows at a path, found by asking the schema itself. */
function knownKeys(path: Path): string[] {
  let schema: unknown = ProjectConfig
  for (const step of path) schema = childOf(unwrapSchema(schema), step)
  const found = unwrapSchema(schema) as SchemaLike | undefined
  const forms = found?.def?.options ?? [found]
  return forms.flatMap((form) => Object.keys((form as SchemaLike | undefined)?.shape ?? {}))
}

interface SchemaLike {
  readonly def?: {
    readonly innerType?: unknown
    readonly options?: readonly unknown[]
    readonly element?: unknown
    readonly valueType?: unknown
  }
  readonly shape?: Record<PropertyKey, unknown>
}

function unwrapSchema(schema: unknown): unknown {
  const inner = (schema as SchemaLike | undefined)?.def?.innerType
  return inner === undefined ? schema : unwrapSchema(inner)
}

function childOf(schema: unknown, step: PropertyKey): unknown {
  const { shape, def } = (schema ?? {}) as SchemaLike
  return shape?.[step] ?? def?.element ?? def?.valueType
}

function describe(document: Document, issues: readonly z.core.$ZodIssue[], lines: LineCounter, file: string): Failure {
  const [issue] = issues
  const path = issue?.path ?? []
  const where = `${file}:${lineOf(document, path, lines)}`
  return invalid(where, `${path.length === 0 ? 'the file' : path.join('.')}: ${issue?.message ?? 'invalid'}`)
}

function lineOf(document: Document, path: Path, lines: LineCounter): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
    if (node?.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

const invalid = (where: string, message: string): Failure => ({
  kind: 'input',
  code: 'config.invalid',
  message,
  where,
  remedy: 'correct this line; docs/configuration.md lists every key',
})
