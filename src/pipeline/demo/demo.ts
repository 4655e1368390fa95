import { access, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { cp } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { done, failed, type Result } from '../../nouns/index.js'
import { diskFailure, openProject, pathsOf, takeLock, writeProjectFiles } from '../../shared/project/index.js'
import { findInterpreter } from '../../shared/python/index.js'
import { sampleFolder } from '../../stages/trajectories/index.js'
import { DEMO_MARK, DEMO_MODEL, demoConfig, SAMPLE_FOLDER, type DemoOptions } from './plan.js'
import { runProject, type RunOutcome } from '../project-run.js'
import type { Run } from '../run.js'

export interface DemoRequest {
  readonly dir: string
  readonly size: DemoOptions['size']
  readonly seed: number
  readonly arms: DemoOptions['arms']
  readonly repository?: string
  readonly model?: string
  readonly steps?: number
}

/** `limi demo`: makes a project and runs it. Without Python every stage up to the selection is done, and that is said first. */
export async function runDemo(context: Omit<Run, 'project'>, request: DemoRequest): Promise<Result<RunOutcome>> {
  const root = path.resolve(request.dir)
  const python = await findInterpreter()
  if (!python.ok) {
    const { message, remedy = '' } = python.failure
    context.warn(`${message}; ${remedy}. Training and evaluation need it: this run ends with the selection.`)
  }
  const made = await makeDemoProject(root, request)
  if (!made.ok) return made
  const project = await openProject(root)
  if (!project.ok) return project
  await shareEngines(root)
  const outcome = await runProject({ ...context, project: project.value }, python.ok ? {} : { to: 'curation' })
  if (!outcome.ok) return outcome
  return python.ok
    ? outcome
    : failed({ ...python.failure, message: `stopped after the selection: ${python.failure.message}` })
}

async function makeDemoProject(root: string, request: DemoRequest): Promise<Result<void>> {
  const ours = await isOurs(root)
  if (!ours.ok) return ours
  const config = demoConfig({
    size: request.size,
    seed: request.seed,
    arms: request.arms,
    model: request.model ?? DEMO_MODEL,
    repository: await repositoryFrom(root, request.repository),
    overrides: request.steps === undefined ? {} : { steps: request.steps },
  })
  const lock = await takeLock(pathsOf(root).lock, 'limi demo')
  if (!lock.ok) return lock
  try {
    await cp(sampleFolder(), path.join(root, SAMPLE_FOLDER), { recursive: true })
    const text = `# yaml-language-server: $schema=.limi/limi.schema.json\n${DEMO_MARK}\n${stringify(config)}`
    const written = await writeProjectFiles(root, text)
    return written.ok ? done(undefined) : written
  } catch (error) {
    return failed(diskFailure(error, root))
  } finally {
    await lock.value.release()
  }
}

/** A folder is the demo's own where it has no limi.yaml, or one that the demo wrote. */
async function isOurs(root: string): Promise<Result<void>> {
  const file = pathsOf(root).config
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null || text.includes(DEMO_MARK)) return done(undefined)
  return failed({
    kind: 'input',
    code: 'demo.elsewhere',
    message: 'this folder is a project of yours, and the demo would rewrite its limi.yaml',
    where: file,
    remedy: 'choose another folder with --dir',
  })
}

/** The repository to mine, relative to the project: the one asked for, else limi's own clone, else none. */
async function repositoryFrom(root: string, asked: string | undefined): Promise<string | null> {
  if (asked !== undefined) return path.relative(root, path.resolve(asked)) || '.'
  const clone = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..')
  const isClone = await access(path.join(clone, '.git')).then(
    () => true,
    () => false,
  )
  return isClone ? path.relative(root, clone) || '.' : null
}

/** A demo below the current folder keeps engines and models in that folder's `.limi`, so that the next demo finds them. */
async function shareEngines(root: string): Promise<void> {
  const here = process.cwd()
  if (!root.startsWith(here + path.sep) || process.env['LIMI_CACHE'] !== undefined) return
  await mkdir(path.join(here, '.limi', 'engines'), { recursive: true })
}
