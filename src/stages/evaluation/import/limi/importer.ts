import { stat } from 'node:fs/promises'
import path from 'node:path'
import { done, Evaluation, failed, FailureError, unwrap, type Failure, type Result } from '../../../../nouns/index.js'
import { parseJson, readManifest, writeFileAtomic, writeManifest } from '../../../../shared/project/index.js'
import { loadEvaluation } from '../../load.js'
import { EvaluationPlan, isLater, readPlan, writePlan } from '../../trials/index.js'
import {
  isArchive,
  type EvaluationImporter,
  type EvaluationSource,
  type ImportTarget,
  type WrittenEvaluation,
} from '../importer.js'
import { isEvaluationFile } from './names.js'
import { archiveTree, folderTree, type Tree } from './tree.js'

const PLAN = 'plan.json'

/** Files are taken as they are; what they say of each other is checked before anything lies in the project. */
export const limi: EvaluationImporter = {
  format: 'limi',
  detect: async (source) => (source.isFolder ? isFile(path.join(source.path, PLAN)) : holdsPlan(source)),
  open: async (source) => {
    const tree = source.isFolder ? await folderTree(source.path) : await archiveTree(source.path)
    if (!tree.ok) return tree
    const plan = await planIn(tree.value, source.path)
    if (plan.ok)
      return done({
        name: plan.value.id,
        write: (target) => write(tree.value, target, source),
        close: () => tree.value.close(),
      })
    await tree.value.close()
    return plan
  },
}

const isFile = async (file: string): Promise<boolean> => {
  try {
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}

async function holdsPlan(source: EvaluationSource): Promise<boolean> {
  if (!isArchive(source)) return false
  const tree = await archiveTree(source.path)
  if (!tree.ok) return false
  await tree.value.close()
  return tree.value.names.includes(PLAN)
}

async function planIn(tree: Tree, where: string): Promise<Result<EvaluationPlan>> {
  if (!tree.names.includes(PLAN)) {
    const message = `no ${PLAN} in it: this is no evaluation`
    return failed({
      kind: 'input',
      code: 'import.invalid',
      message,
      where,
      remedy: 'name the folder of one evaluation',
    })
  }
  const bytes = await tree.read(PLAN)
  return bytes.ok ? parseJson(bytes.value.toString('utf8'), EvaluationPlan, `${where}: ${PLAN}`) : bytes
}

async function write(tree: Tree, target: ImportTarget, source: EvaluationSource): Promise<Result<WrittenEvaluation>> {
  const foreign = tree.names.filter((name) => !isEvaluationFile(name))
  try {
    for (const name of tree.names.filter(isEvaluationFile)) {
      if (target.signal?.aborted === true) return failed(INTERRUPTED)
      unwrap(await writeFileAtomic(path.join(target.folder, name), unwrap(await tree.read(name))))
    }
    const loaded = await loadEvaluation(target.folder)
    const isUnderWay =
      !loaded.ok && loaded.failure.code === 'evaluation.unfinished' && !tree.names.includes('manifest.json')
    if (!loaded.ok && !isUnderWay) return failed(notWhole(loaded.failure, target, source))
    await rename(target)
    const rejected = foreign.map((name) => foreignFile(`${source.path}: ${name}`))
    return done({ rejected, notes: isUnderWay ? ['it is not finished: some of its trials are not there'] : [] })
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure)
    throw error
  }
}

/** The evaluation has its place's id, and says where it came from. */
async function rename({ folder, id, imported }: ImportTarget): Promise<void> {
  const plan = await readPlan(folder)
  if (plan !== null) unwrap(await writePlan(folder, { ...plan, id, imported }))
  const manifest = await readManifest(folder, Evaluation)
  if (manifest !== null) unwrap(await writeManifest(folder, { ...manifest, id, imported }))
}

/** The place named is the source's, not that of the copy. */
const notWhole = (failure: Failure, { folder }: ImportTarget, { path: given }: EvaluationSource): Failure => ({
  ...failure,
  code: failure.code === 'evaluation.unfinished' ? 'import.invalid' : failure.code,
  message: failure.code === 'evaluation.unfinished' ? 'its manifest cannot be read' : failure.message,
  where: failure.where?.replace(folder, given) ?? given,
  remedy: isLater(failure) ? 'install the limi that wrote it' : 'export it again from the project that it comes from',
})

const foreignFile = (where: string): Failure => ({
  kind: 'input',
  code: 'import.foreign-file',
  message: 'no file of an evaluation; left out',
  where,
  remedy: 'remove it',
})

const INTERRUPTED: Failure = {
  kind: 'interrupted',
  code: 'import.interrupted',
  message: 'the import was stopped',
  remedy: 'run the same command again',
}
