import { readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { done, failed, type Failure, type Result, type Trajectory } from '../../../nouns/index.js'
import {
  canonicalJson,
  diskFailure,
  isId,
  makeFolder,
  manifestFile,
  placeOf,
  readJson,
} from '../../../shared/project/index.js'
import { readPlan } from '../trials/index.js'
import type { EvaluationSource, Imported, OpenEvaluation, ScoreSettings } from './importer.js'
import { importerFor } from './registry.js'
import { sourceOf } from './source.js'

export interface EvaluationImport extends ScoreSettings {
  /** A project's `evaluations/`; the caller is its one writer. */
  readonly folder: string
  /** `auto`, or one of `evaluationFormats`. */
  readonly format: string
  /** Made of the source's name and bytes where not given. */
  readonly id?: string
  /** Stores a conversation in an evaluation's own folder. */
  readonly keep: (evaluation: string, trajectory: Trajectory) => Promise<Result<unknown>>
  readonly signal?: AbortSignal
  /** Told of everything that a person should know. */
  readonly onLine?: (line: string) => void
}

export interface ImportedEvaluation {
  readonly id: string
  readonly path: string
  readonly format: string
  /** True where it was there already, from the same bytes. */
  readonly kept: boolean
}

export interface EvaluationImportReport {
  readonly imported: readonly ImportedEvaluation[]
  /** Sources, or records of one, that could not be read. */
  readonly rejected: readonly Failure[]
}

/**
 * Imports evaluations, each whole or not at all: written beside its place and renamed. A source that cannot be read is rejected alone, and
 * so is a record of one. Only an interruption or a disk that cannot be written fails as a whole.
 */
export async function importEvaluations(
  paths: readonly string[],
  options: EvaluationImport,
): Promise<Result<EvaluationImportReport>> {
  if (options.id !== undefined && paths.length !== 1) return failed(oneId(options.id))
  await sweep(options.folder)
  const imported: ImportedEvaluation[] = []
  const rejected: Failure[] = []
  for (const one of paths) {
    const read = await importOne(one, options)
    if (read.ok) {
      imported.push(read.value.evaluation)
      rejected.push(...read.value.rejected)
    } else if (read.failure.kind === 'input') rejected.push({ where: one, ...read.failure })
    else return read
  }
  return done({ imported, rejected })
}

const BEGUN = '.import-'

/** What an interrupted import left. */
async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const left = names.filter((name) => name.startsWith(BEGUN))
  await Promise.all(left.map((name) => rm(path.join(folder, name), { recursive: true, force: true })))
}

interface ReadOne {
  readonly evaluation: ImportedEvaluation
  readonly rejected: readonly Failure[]
}

async function importOne(given: string, options: EvaluationImport): Promise<Result<ReadOne>> {
  const source = await sourceOf(given)
  if (!source.ok) return source
  const importer = await importerFor(options.format, source.value)
  if (!importer.ok) return importer
  const opened = await importer.value.open(source.value)
  if (!opened.ok) return opened
  try {
    return await place(opened.value, source.value, importer.value.format, options)
  } finally {
    await opened.value.close()
  }
}

async function place(
  opened: OpenEvaluation,
  { path: given, digest }: EvaluationSource,
  format: string,
  options: EvaluationImport,
): Promise<Result<ReadOne>> {
  const { scorer, maxScore, folder, signal } = options
  const settings: ScoreSettings = {
    ...(scorer === undefined ? {} : { scorer }),
    ...(maxScore === undefined ? {} : { maxScore }),
  }
  const imported: Imported = { path: given, digest, format, settings }
  const id = options.id ?? idOf(opened.name, digest)
  const final = placeOf(folder, id)
  if (!final.ok) return final
  const evaluation = { id, path: given, format, kept: false }
  const there = await whatIsThere(final.value)
  if (there !== null) {
    return isSame(there, imported)
      ? done({ evaluation: { ...evaluation, kept: true }, rejected: there.rejected })
      : failed(occupied(id, final.value))
  }
  const begun = path.join(folder, `${BEGUN}${id}`)
  const made = await makeFolder(begun)
  if (!made.ok) return made
  const keep = (trajectory: Trajectory): Promise<Result<unknown>> => options.keep(begun, trajectory)
  const written = await opened.write({ id, folder: begun, imported, settings, keep, signal })
  if (!written.ok) {
    await rm(begun, { recursive: true, force: true })
    return written
  }
  for (const note of written.value.notes) options.onLine?.(`${given}: ${note}`)
  const moved = await move(begun, final.value)
  return moved.ok ? done({ evaluation, rejected: written.value.rejected }) : moved
}

const NAME_LENGTH = 80

/** Readable, and of the source's bytes, so that a second import finds the first. */
function idOf(name: string, digest: string): string {
  const readable = name
    .replace(/[^A-Za-z0-9._-]+/gu, '-')
    .replace(/\.\.+/gu, '.')
    .replace(/^[^A-Za-z0-9]+|-+$/gu, '')
  const id = `${readable.slice(0, NAME_LENGTH)}-${digest.slice(0, 8)}`
  return isId(id) ? id : `evaluation-${digest.slice(0, 8)}`
}

const Recorded = z.looseObject({
  imported: z
    .looseObject({
      digest: z.string(),
      format: z.string(),
      settings: z.record(z.string(), z.unknown()),
      rejected: z.array(z.unknown()).default([]),
    })
    .optional(),
})

interface Lying {
  readonly imported?: { readonly digest: string; readonly format: string; readonly settings: unknown }
  readonly rejected: readonly Failure[]
}

async function whatIsThere(folder: string): Promise<Lying | null> {
  const manifest = await readJson(manifestFile(folder), Recorded)
  if (manifest.ok) {
    const { imported } = manifest.value
    return { imported, rejected: (imported?.rejected ?? []) as Failure[] }
  }
  if (manifest.failure.code !== 'file.absent') return { rejected: [] }
  const plan = await readPlan(folder)
  if (plan !== null) return { imported: Recorded.safeParse(plan).data?.imported, rejected: [] }
  const names = await readdir(folder).catch(() => null)
  return names === null || names.length === 0 ? null : { rejected: [] }
}

const isSame = ({ imported }: Lying, { digest, format, settings }: Imported): boolean =>
  imported !== undefined &&
  canonicalJson([imported.digest, imported.format, imported.settings]) === canonicalJson([digest, format, settings])

async function move(from: string, to: string): Promise<Result<void>> {
  try {
    await rename(from, to)
    return done(undefined)
  } catch (error) {
    await rm(from, { recursive: true, force: true })
    return failed(diskFailure(error, to))
  }
}

const oneId = (id: string): Failure => ({
  kind: 'input',
  code: 'import.one-id',
  message: `several paths cannot all become evaluation ${id}`,
  remedy: 'import them one by one, or leave out --id',
})

const occupied = (id: string, where: string): Failure => ({
  kind: 'input',
  code: 'import.occupied',
  message: `evaluation ${id} is there already, and not from the same source with the same settings`,
  where,
  remedy: 'give this one another id with --id, or delete that folder',
})
