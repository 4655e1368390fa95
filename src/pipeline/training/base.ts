import { done, failed, own, type Failure, type Result } from '../../nouns/index.js'
import type { ModelFolder } from '../../shared/models/index.js'
import { digestOfValue } from '../../shared/project/index.js'
import { folderOf } from '../models.js'
import type { Run } from '../run.js'

type Setting = Readonly<Record<string, string>>

export interface TrainingBase {
  readonly base: ModelFolder
  /** What the engine is told, with what the model's entry in limi.yaml says. */
  readonly setting: Setting
}

/** The model to train. For the engine `hosted` it is a service's, by its entry in limi.yaml or by the service's own name, and has no folder. */
export async function baseFor(
  run: Run,
  engine: string,
  name: string,
  setting: Setting = {},
): Promise<Result<TrainingBase>> {
  if (engine !== 'hosted') {
    const located = await folderOf(run, name)
    return located.ok ? done({ base: located.value, setting }) : located
  }
  if (/^(dir|hub|pypi|npm|checkpoint):/.test(name)) return failed(notHosted(name))
  const entry = own(run.project.config.models, name)
  const known = entry !== undefined && 'baseUrl' in entry ? entry : undefined
  const told: Setting = {
    model: known?.model ?? name,
    ...(known !== undefined && { baseUrl: known.baseUrl }),
    ...(known?.apiKeyEnv !== undefined && { apiKeyEnv: known.apiKeyEnv }),
    ...setting,
  }
  const digest = digestOfValue([told['baseUrl'] ?? null, told['model']])
  return done({ base: { name, folder: '', digest }, setting: told })
}

const NAME_ONE = 'name one of limi.yaml that has a baseUrl, or the service’s own name with --engine-setting baseUrl=URL'

const notHosted = (name: string): Failure => ({
  kind: 'input',
  code: 'model.not-hosted',
  message: `${name} is no model of a service`,
  where: '--base',
  remedy: NAME_ONE,
})

/** Where the engine hosted is told no model at all. */
export const noService: Failure = {
  kind: 'input',
  code: 'model.not-hosted',
  message: 'the engine hosted trains a model of a service, and none is named',
  where: '--base',
  remedy: NAME_ONE,
}
