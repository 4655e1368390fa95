import { readFile, stat } from 'node:fs/promises'
import type { z } from 'zod'
import { done, failed, type Failure, type Result } from '../../../../nouns/index.js'
import { parsePythonJson } from '../../../../shared/json/index.js'
import { diskFailure } from '../../../../shared/project/index.js'
import { openZip, type Zip } from '../../../../shared/zip/index.js'
import { MAX_PIECE_BYTES } from '../importer.js'
import { LOG_VERSION, LogHeader, LogSample } from './schema.js'

export interface ReadSample {
  /** The member or element that it is. */
  readonly where: string
  readonly sample: Result<LogSample>
}

/** An open log: its header, and its samples one at a time. */
export interface OpenLog {
  readonly header: LogHeader
  samples(): AsyncGenerator<ReadSample>
  close(): Promise<void>
}

/** Opens a log in either of Inspect's formats. */
export const openLog = (path: string, isArchive: boolean): Promise<Result<OpenLog>> =>
  isArchive ? openArchive(path) : openDocument(path)

async function openDocument(path: string): Promise<Result<OpenLog>> {
  const document = await readDocument(path)
  if (!document.ok) return document
  const header = headerIn(document.value, path)
  if (!header.ok) return header
  const samples = header.value['samples'] ?? []
  if (!Array.isArray(samples)) return failed(invalid(path, 'samples: no list'))
  const elements: readonly unknown[] = samples
  return done({
    header: header.value,
    async *samples() {
      for (const [at, value] of elements.entries()) {
        const where = `${path}: samples[${at}]`
        yield await Promise.resolve({ where, sample: validated(value, LogSample, where) })
      }
    },
    close: () => Promise.resolve(),
  })
}

async function readDocument(path: string): Promise<Result<unknown>> {
  try {
    const { size } = await stat(path)
    if (size > MAX_PIECE_BYTES) return failed(tooLarge(path, size))
    return parsePythonJson(await readFile(path, 'utf8'), path)
  } catch (error) {
    return failed(diskFailure(error, path))
  }
}

const SAMPLE = /^samples\/.+\.json$/su

async function openArchive(path: string): Promise<Result<OpenLog>> {
  const zip = await openZip(path)
  if (!zip.ok) return zip
  const header = await headerOf(zip.value, path)
  if (!header.ok) {
    await zip.value.close()
    return header
  }
  const members = zip.value.members.filter(({ name }) => SAMPLE.test(name))
  return done({
    header: header.value,
    async *samples() {
      for (const { name } of members)
        yield { where: `${path}: ${name}`, sample: await memberOf(zip.value, path, name, LogSample) }
    },
    close: () => zip.value.close(),
  })
}

/** A run that was cut has no header yet; what it began with is in its journal. */
async function headerOf(zip: Zip, path: string): Promise<Result<LogHeader>> {
  const name = ['header.json', '_journal/start.json'].find((one) => zip.members.some((member) => member.name === one))
  if (name === undefined) return failed(invalid(path, 'neither a header nor a journal: this is no log of Inspect'))
  const read = await valueOf(zip, path, name)
  return read.ok ? headerIn(read.value, `${path}: ${name}`) : read
}

function headerIn(value: unknown, where: string): Result<LogHeader> {
  const header = validated(value, LogHeader, where)
  if (!header.ok || header.value.version === LOG_VERSION) return header
  return failed({
    kind: 'input',
    code: 'import.version',
    message: `its schema has version ${header.value.version}; version ${LOG_VERSION} is read`,
    where,
    remedy: '`inspect log convert` writes a log anew in the current version',
  })
}

async function memberOf<Schema extends z.ZodType>(
  zip: Zip,
  path: string,
  name: string,
  schema: Schema,
): Promise<Result<z.infer<Schema>>> {
  const value = await valueOf(zip, path, name)
  return value.ok ? validated(value.value, schema, `${path}: ${name}`) : value
}

async function valueOf(zip: Zip, path: string, name: string): Promise<Result<unknown>> {
  const member = zip.members.find((one) => one.name === name)
  if (member === undefined) return failed(invalid(path, `no ${name}`))
  const bytes = await zip.read(member, MAX_PIECE_BYTES)
  return bytes.ok ? parsePythonJson(bytes.value.toString('utf8'), `${path}: ${name}`) : bytes
}

function validated<Schema extends z.ZodType>(value: unknown, schema: Schema, where: string): Result<z.infer<Schema>> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return done(parsed.data)
  const [issue] = parsed.error.issues
  const field = issue === undefined || issue.path.length === 0 ? 'it' : issue.path.map(String).join('.')
  return failed(invalid(where, `${field}: ${issue?.message ?? 'invalid'}`))
}

const invalid = (where: string, message: string): Failure => ({
  kind: 'input',
  code: 'import.invalid',
  message,
  where,
  remedy: 'correct it at this place, or leave it out',
})

const tooLarge = (where: string, size: number): Failure => ({
  kind: 'input',
  code: 'import.too-large',
  message: `it has ${size} bytes; a log in one JSON document is read up to ${MAX_PIECE_BYTES}`,
  where,
  remedy: '`inspect log convert --to eval` writes it as an archive, which is read a sample at a time',
})
