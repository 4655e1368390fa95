import { access } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type ProjectConfig, type Result } from '../../nouns/index.js'
import { loadConfig } from './config.js'
import { isId } from './ids.js'

export const CONFIG_FILE = 'limi.yaml'

/** A folder of plain files; every path in it is asked for here. */
export interface Project {
  readonly root: string
  readonly config: ProjectConfig
  readonly warnings: readonly string[]
  readonly paths: ProjectPaths
}

export interface ProjectPaths {
  readonly root: string
  readonly config: string
  readonly queries: string
  readonly trajectories: string
  /** What went over the wire, redacted: evidence, never committed. */
  readonly recordings: string
  readonly reviews: string
  readonly selections: string
  readonly datasets: string
  readonly training: string
  readonly evaluations: string
  /** Caches and engine environments: never committed, always rebuildable. */
  readonly cache: string
  readonly lock: string
}

export function pathsOf(root: string): ProjectPaths {
  const at = (name: string): string => path.join(root, name)
  return {
    root,
    config: at(CONFIG_FILE),
    queries: at('queries'),
    trajectories: at('trajectories'),
    recordings: at('recordings'),
    reviews: at('reviews'),
    selections: at('selections'),
    datasets: at('datasets'),
    training: at('training'),
    evaluations: at('evaluations'),
    cache: at('.limi'),
    lock: at('.limi/lock'),
  }
}

/** Opens the project at a folder. Without `limi.yaml` it is `project.absent`. */
export async function openProject(root: string): Promise<Result<Project>> {
  const absolute = path.resolve(root)
  const paths = pathsOf(absolute)
  try {
    await access(paths.config)
  } catch {
    return failed({
      kind: 'input',
      code: 'project.absent',
      message: 'no limi.yaml here: this folder is not a limi project',
      where: absolute,
      remedy: 'run `limi init`, or name the project with `--project DIR`',
    })
  }
  const loaded = await loadConfig(paths.config)
  if (!loaded.ok) return loaded
  return done({ root: absolute, config: loaded.value.config, warnings: loaded.value.warnings, paths })
}

/** The folder or file of a thing by id; an id that could leave the folder is refused. */
export function placeOf(folder: string, id: string, extension = ''): Result<string> {
  if (isId(id)) return done(path.join(folder, `${id}${extension}`))
  return failed({
    kind: 'input',
    code: 'id.invalid',
    message: `${JSON.stringify(id)} cannot be an id: letters, digits, '.', '_' and '-' only, at most 120`,
    where: folder,
  })
}
