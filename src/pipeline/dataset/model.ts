import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type DatasetManifest, type Result } from '../../nouns/index.js'
import { diskFailure } from '../../shared/project/index.js'
import { keptTemplate, openDatasetModel, type DatasetModel, type GivenTemplate } from '../../stages/dataset/index.js'
import { tokenizerOf } from '../models.js'
import type { Run } from '../run.js'

/** The model that a dataset was made for, with the chat template that it was made by. */
export async function modelOfDataset(run: Run, manifest: DatasetManifest): Promise<Result<DatasetModel>> {
  const located = await tokenizerOf(run, manifest.model)
  if (!located.ok) return located
  const template = await keptTemplate(path.join(run.project.paths.datasets, manifest.id), manifest)
  return template.ok ? openDatasetModel(located.value.folder, { chatTemplate: template.value }) : template
}

/** A chat template in a file of its own; nothing where none is named. */
export async function readChatTemplate(file: string | undefined): Promise<Result<GivenTemplate | undefined>> {
  if (file === undefined) return done(undefined)
  try {
    return done({ name: path.basename(file), text: await readFile(path.resolve(file), 'utf8') })
  } catch (error) {
    return failed(diskFailure(error, file))
  }
}
