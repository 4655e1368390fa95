import { rm } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type DatasetManifest, type Result } from '../../nouns/index.js'
import { digestOf, diskFailure, writeFileAtomic } from '../../shared/project/index.js'
import { readText } from './read-text.js'

/** A chat template that is given apart from the model, and taken instead of the model's own. */
export interface GivenTemplate {
  /** The name of its file. */
  readonly name: string
  readonly text: string
}

const fileIn = (folder: string): string => path.join(folder, 'chat_template.jinja')

/** Keeps a template that was given apart with the dataset that was made by it, so that it can be checked without its file. */
export async function keepTemplate(folder: string, given: GivenTemplate | undefined): Promise<Result<void>> {
  if (given !== undefined) return writeFileAtomic(fileIn(folder), given.text)
  try {
    await rm(fileIn(folder), { force: true })
    return done(undefined)
  } catch (error) {
    return failed(diskFailure(error, folder))
  }
}

/** The template that a dataset was made by where that was given apart. Failure: `dataset.changed` where it is another one now. */
export async function keptTemplate(folder: string, { made }: DatasetManifest): Promise<Result<string | undefined>> {
  const [recorded] = made.inputs['chatTemplate'] ?? []
  if (recorded === undefined) return done(undefined)
  const text = await readText(fileIn(folder))
  if (!text.ok) return text
  if (text.value !== null && digestOf(text.value) === recorded.digest) return done(text.value)
  return failed({
    kind: 'input',
    code: 'dataset.changed',
    message: `the chat template that the dataset was built with (${recorded.id}) is not the one that lies here`,
    where: fileIn(folder),
    remedy: 'build the dataset again with --chat-template',
  })
}
