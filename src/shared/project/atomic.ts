import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import type { z } from 'zod'
import { done, failed, type Result } from '../../nouns/index.js'
import { diskFailure } from './disk-failure.js'
import { openToWrite } from './folder.js'

/**
 * Writes a whole file or nothing: a temporary sibling, synced, then renamed over the target.
 * A full disk or a read-only folder comes back as a failure and leaves the old file as it was.
 */
export async function writeFileAtomic(file: string, content: string | Uint8Array): Promise<Result<void>> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`
  const opened = await openToWrite(temporary, file)
  if (!opened.ok) return opened
  const handle = opened.value
  try {
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
    return done(undefined)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    return failed(diskFailure(error, file))
  }
}

/** {@link writeFileAtomic} of indented JSON with a final newline. */
export function writeJson(file: string, value: unknown): Promise<Result<void>> {
  return writeFileAtomic(file, `${JSON.stringify(value, null, 2)}\n`)
}

/** Reads and validates a JSON file. A missing file is `file.absent`, one that does not parse or fit is `file.invalid`. */
export async function readJson<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<Result<z.infer<Schema>>> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    return failed(diskFailure(error, file))
  }
  return parseJson(text, schema, file, ONCE)
}

/** Without zod's compiled checks: of one file they take longer to make than they save. */
const ONCE: z.core.ParseContext<z.core.$ZodIssue> = { jitless: true }

/** {@link readJson} at once: of thousands of small files, one after the other takes a sixth of the time that many at a time do. */
export function readJsonSync<Schema extends z.ZodType>(file: string, schema: Schema): Result<z.infer<Schema>> {
  try {
    return parseJson(readFileSync(file, 'utf8'), schema, file)
  } catch (error) {
    return failed(diskFailure(error, file))
  }
}

/** Validates JSON text; `where` names its place in the failure. */
export function parseJson<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  where: string,
  context: z.core.ParseContext<z.core.$ZodIssue> = {},
): Result<z.infer<Schema>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return failed({ kind: 'input', code: 'file.invalid', message: `not JSON: ${(error as Error).message}`, where })
  }
  const parsed = schema.safeParse(value, context)
  if (parsed.success) return done(parsed.data)
  const [issue] = parsed.error.issues
  const field = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
  return failed({ kind: 'input', code: 'file.invalid', message: `${field}${issue?.message ?? 'invalid'}`, where })
}
