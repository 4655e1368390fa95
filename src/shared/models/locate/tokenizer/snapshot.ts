import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, Manifest, type Result } from '../../../../nouns/index.js'
import { digestOf, diskFailure, readManifest, takeLock, versionsHere, writeManifest } from '../../../project/index.js'
import type { Announce } from '../../../python/index.js'
import type { PackageFile } from './parts.js'

export interface Snapshot {
  /** What it is kept under, below the cache. */
  readonly folder: string
  /** As the user named it. */
  readonly name: string
  /** Where it came from, for its manifest. */
  readonly parameters: Readonly<Record<string, string>>
}

interface Waiting {
  readonly announce: Announce
  readonly signal?: AbortSignal
}

/** A tokenizer that was put away whole: its folder, or null. */
export async function keptSnapshot(folder: string): Promise<Manifest | null> {
  return readManifest(folder, Manifest)
}

/** Puts the files of a tokenizer away below the cache, its manifest with their digest last; once, however many ask for it at a time. */
export async function keepSnapshot(
  snapshot: Snapshot,
  fetch: () => Promise<Result<readonly PackageFile[]>>,
  waiting: Waiting,
): Promise<Result<string>> {
  const { folder, name } = snapshot
  const lock = await takeLock(`${folder}.lock`, `fetching ${name}`, { waitMs: 10 * 60_000, ...waiting })
  if (!lock.ok) return lock
  const work = `${folder}.part`
  try {
    if ((await keptSnapshot(folder)) !== null) return done(folder)
    const files = await fetch()
    if (!files.ok) return files
    await rm(work, { recursive: true, force: true })
    const written = await write(snapshot, files.value, work)
    if (!written.ok) return written
    await rm(folder, { recursive: true, force: true })
    await rename(work, folder)
    return done(folder)
  } catch (error) {
    return failed(diskFailure(error, folder))
  } finally {
    await rm(work, { recursive: true, force: true }).catch(() => undefined)
    await lock.value.release()
  }
}

async function write(
  { name, parameters }: Snapshot,
  files: readonly PackageFile[],
  work: string,
): Promise<Result<void>> {
  await mkdir(work)
  const digests: { id: string; digest: string }[] = []
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const content = await file.read()
    const target = path.join(work, ...file.path.split('/'))
    await mkdir(path.dirname(target), { recursive: true })
    await writeFile(target, content)
    digests.push({ id: file.path, digest: digestOf(content) })
  }
  return writeManifest(work, {
    format: 'limi.manifest/1',
    kind: 'tokenizer',
    id: name,
    created: new Date().toISOString(),
    made: { inputs: { files: digests }, parameters, versions: versionsHere() },
    digest: digestOf(digests.map(({ id, digest }) => `${id} ${digest}`).join('\n')),
  })
}
