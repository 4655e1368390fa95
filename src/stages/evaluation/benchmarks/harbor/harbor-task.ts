import { existsSync } from 'node:fs'
import path from 'node:path'
import type { BenchmarkTask } from '../benchmark.js'
import { composedBy } from './compose.js'
import { againstConfig, readConfig, sizeIn, type TaskConfig } from './config.js'
import { againstWorkdir, imageOf } from './image.js'
import { taskOf, testsAt, variablesOf, type Place, type TaskParts } from './made.js'
import { fetchesIn } from './network.js'
import { againstFolder, textIn } from './plain.js'
import { because, isWhy, type Why } from './why.js'

const CONFIG = 'task.toml'

/** One whose `task.toml` is missing is one, too. */
export const isHarborTask = (folder: string): boolean =>
  existsSync(path.join(folder, CONFIG)) ||
  ['instruction.md', 'environment'].every((name) => existsSync(path.join(folder, name)))

/** A task of Harbor's (`task.toml`, `instruction.md`, `environment/`, `tests/test.sh`), or why it is not measured. */
export async function readHarborTask(folder: string, id: string, place: Place): Promise<BenchmarkTask | Why> {
  if (!existsSync(path.join(folder, CONFIG))) return because('it has no task.toml')
  const config = readConfig(path.join(folder, CONFIG))
  if (isWhy(config)) return config
  const against = againstConfig(config) ?? againstFiles(folder)
  if (against !== null) return against
  const image = await imageIn(folder, config)
  if (isWhy(image)) return image
  const limits = limitsOf(config)
  if (isWhy(limits)) return limits
  const instruction = textIn(path.join(folder, 'instruction.md'))
  if (isWhy(instruction)) return instruction
  const tests = await testsAt([path.join(folder, 'tests')])
  if (isWhy(tests)) return tests
  const fetched = fetchesIn(tests.files)
  if (fetched !== null) return because(`its tests fetch from the network, and a sandbox has none: tests/${fetched}`)
  const { agent, verifier, metadata } = config
  const parts: TaskParts = {
    ...{ id, layout: 'harbor', image, limits },
    request: withoutCanary(instruction.text),
    tags: { difficulty: metadata['difficulty'], category: metadata['category'] },
    ...(agent.timeout_sec === undefined ? {} : { agentSeconds: agent.timeout_sec }),
    scoring: {
      tests: [path.join(folder, 'tests')],
      digest: tests.digest,
      run: 'chmod +x /tests/test.sh && /tests/test.sh',
      env: verifier.env,
      seconds: verifier.timeout_sec,
      verdict: 'reward',
    },
  }
  return taskOf(folder, parts, place)
}

/** What a task must hold, and what its tests must not. */
function againstFiles(folder: string): Why | null {
  const has = (name: string): boolean => existsSync(path.join(folder, name))
  if (!has('instruction.md')) return because('it has no instruction.md')
  if (!has('tests/test.sh')) return because('it has no tests/test.sh')
  if (has('trajectory.json')) return because('it begins with a conversation of its own (trajectory.json)')
  return againstFolder(path.join(folder, 'environment'))
}

async function imageIn(folder: string, { environment }: TaskConfig): Promise<TaskParts['image'] | Why> {
  const build = path.join(folder, 'environment')
  const composed = await composedBy(build, 'main')
  if (isWhy(composed)) return composed
  const { docker_image: name, workdir } = environment
  const dockerfile = path.join(build, 'Dockerfile')
  if (name === undefined && !existsSync(dockerfile)) return because('it has no environment/Dockerfile')
  const facts = name === undefined ? imageOf(dockerfile) : null
  if (facts !== null && isWhy(facts)) return facts
  const against = againstWorkdir(workdir, facts) ?? againstWorkdir(composed.workdir, facts)
  const env = variablesOf({ ...composed.env, ...environment.env })
  return against ?? (name === undefined ? { build, ...env } : { name, ...env })
}

function limitsOf({ environment }: TaskConfig): TaskParts['limits'] | Why {
  const { memory_mb, storage_mb } = environment
  const [memory, disk] = [memory_mb ?? sizeIn(environment.memory), storage_mb ?? sizeIn(environment.storage)]
  if (memory === null || disk === null) return because('task.toml: memory and storage are sizes such as 512M or 2G')
  return { ...(memory === undefined ? {} : { memory }), ...(disk === undefined ? {} : { disk }) }
}

function isMark(line: string): boolean {
  const said = line.trim().toLowerCase()
  if (said.startsWith('<!--')) return said.endsWith('-->') && said.slice(4, -3).includes('canary')
  return said.startsWith('#') && said.includes('canary')
}

/** What an agent is shown: not the lines that mark a text, so that it is found in what a model was trained on. Harbor leaves them out, too. */
export function withoutCanary(instruction: string): string {
  const lines = instruction.split('\n')
  const marked = lines.findIndex((line) => !isMark(line))
  const rest = lines.slice(marked === -1 ? lines.length : marked)
  const begun = rest.findIndex((line) => line.trim() !== '')
  return rest.slice(begun === -1 ? rest.length : begun).join('\n')
}
