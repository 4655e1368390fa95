import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Result } from '../../nouns/index.js'
import { diskFailure, digestOfValue } from '../project/index.js'
import { checkOut, resolveCommit } from './check-out.js'

/** Repositories as queries name them, each commit checked out once. */
export interface Repositories {
  /** An absolute folder that is that commit, shared by all who ask: never to be written to. Failures: those of {@link checkOut} and of the disk. */
  folderOf(repository: { readonly path: string; readonly commit: string }): Promise<Result<string>>
}

/** `root`: what their paths are relative to. `cache`: where checkouts are kept. */
export function repositoriesIn(root: string, cache: string, warn: (line: string) => void): Repositories {
  const made = new Map<string, Promise<Result<string>>>()
  return {
    async folderOf({ path: name, commit }) {
      const repository = path.resolve(root, name)
      const resolved = await resolveCommit(repository, commit)
      if (!resolved.ok) return resolved
      const key = digestOfValue([repository, resolved.value]).replace('sha256:', '').slice(0, 32)
      const folder = made.get(key) ?? keep(repository, resolved.value, path.join(cache, key), warn)
      made.set(key, folder)
      const kept = await folder
      // What failed once is tried again by whoever asks next.
      if (!kept.ok) made.delete(key)
      return kept
    },
  }
}

/** Made beside and renamed, so that what is there is whole. */
async function keep(
  repository: string,
  commit: string,
  folder: string,
  warn: (line: string) => void,
): Promise<Result<string>> {
  try {
    if (await isThere(folder)) return done(folder)
    await mkdir(path.dirname(folder), { recursive: true })
    const part = await mkdtemp(`${folder}.`)
    try {
      const checked = await checkOut(repository, commit, path.join(part, 'files'))
      if (!checked.ok) return checked
      for (const line of checked.value.lacks) warn(`${repository} at ${commit.slice(0, 12)}: ${line}`)
      await rename(path.join(part, 'files'), folder).catch(async (error: unknown) => {
        // Another process was quicker: theirs is the same.
        if (!(await isThere(folder))) throw error
      })
      return done(folder)
    } finally {
      await rm(part, { recursive: true, force: true })
    }
  } catch (error) {
    return failed(diskFailure(error, folder))
  }
}

const isThere = (place: string): Promise<boolean> =>
  access(place).then(
    () => true,
    () => false,
  )
