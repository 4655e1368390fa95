import { lstat } from 'node:fs/promises'
import path from 'node:path'
import type { z } from 'zod'
import { done, failed, type Failure, type Result } from '../../../../nouns/index.js'
import { describeHolder, readHolder } from '../../../../shared/project/index.js'
import type { RecordingManifest, RecordingMeta } from '../../../../shared/recorder/index.js'
import { filesBeside, readJsonBeside } from '../beside.js'
import { validate } from '../document.js'
import type { SourceFile } from '../importer.js'

export const LOG = 'wire.jsonl'
const [META, MANIFEST, LOCK] = ['meta.json', 'manifest.json', 'lock']

/** What lies beside a wire log. */
export interface RecordingFolder {
  readonly meta: RecordingMeta
  /** Absent where the recording died. */
  readonly manifest?: RecordingManifest
  readonly files: readonly SourceFile[]
}

/** A log under another name is read alone. */
const isInFolder = (log: string): boolean => path.basename(log) === LOG

/** The files beside a log that are read with it. */
export async function partsBeside(log: string): Promise<readonly string[]> {
  if (!isInFolder(log)) return []
  const files = [META, MANIFEST].map((name) => path.join(path.dirname(log), name))
  const there = await Promise.all(files.map(isThere))
  return files.filter((_, at) => there[at])
}

const isThere = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  )

/** Failures: `import.recording` where it is being recorded, `import.invalid` where a file is none of a recording. */
export async function folderOf(log: string, maxBytes: number): Promise<Result<RecordingFolder>> {
  const parts = await partsBeside(log)
  const ended = isInFolder(log) ? await hasEnded(path.dirname(log)) : done(undefined)
  if (!ended.ok) return ended
  const schemas = await import('../../../../shared/recorder/index.js')
  const meta = await read(parts, META, maxBytes, schemas.RecordingMeta)
  if (!meta.ok) return meta
  const manifest = await read(parts, MANIFEST, maxBytes, schemas.RecordingManifest)
  if (!manifest.ok) return manifest
  return done({
    meta: meta.value ?? { agent: 'unknown', routes: {} },
    ...(manifest.value === undefined ? {} : { manifest: manifest.value }),
    files: await filesBeside(parts),
  })
}

async function read<Schema extends z.ZodType>(
  parts: readonly string[],
  name: string,
  maxBytes: number,
  schema: Schema,
): Promise<Result<z.infer<Schema> | undefined>> {
  const file = parts.find((part) => path.basename(part) === name)
  if (file === undefined) return done(undefined)
  const value = await readJsonBeside(file, maxBytes)
  return value.ok ? validate(value.value, schema, file) : value
}

async function hasEnded(folder: string): Promise<Result<void>> {
  const lock = path.join(folder, LOCK)
  const holder = await readHolder(lock)
  if (!holder.ok) return holder.failure.code === 'lock.invalid' ? done(undefined) : holder
  return holder.value.text === null || holder.value.dead
    ? done(undefined)
    : failed(underWay(lock, describeHolder(holder.value)))
}

const underWay = (where: string, holder: string): Failure => ({
  kind: 'input',
  code: 'import.recording',
  message: `this session is being recorded by ${holder}`,
  where,
  remedy: 'import it when it has ended',
})
