import { existsSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { readYaml } from '../../../../shared/yaml/index.js'
import type { BenchmarkTask } from '../benchmark.js'
import { composedBy } from './compose.js'
import type { Copied } from './dockerfile.js'
import { againstWorkdir, imageOf } from './image.js'
import { taskOf, testsAt, variablesOf, type Place, type TaskParts } from './made.js'
import { fetchesIn } from './network.js'
import { againstFile } from './plain.js'
import { because, firstAgainst, isWhy, type Why } from './why.js'

const CONFIG = 'task.yaml'

/** `task.yaml`, as `terminal_bench.handlers.trial_handler` of terminal-bench 0.2.18 has it. */
const TaskYaml = z.looseObject({
  instruction: z.string(),
  difficulty: z.string().optional(),
  category: z.string().optional(),
  parser_name: z.enum(['pytest', 'swebench', 'swelancer', 'mlebench', 'sweperf']).default('pytest'),
  max_agent_timeout_sec: z.number().positive().default(360),
  max_test_timeout_sec: z.number().positive().default(60),
  run_tests_in_same_shell: z.boolean().default(false),
})

const KIND = { schema: TaskYaml, code: 'benchmark.invalid', remedy: 'correct the file' }

export const isTerminalBenchTask = (folder: string): boolean =>
  existsSync(path.join(folder, CONFIG)) &&
  ['run-tests.sh', 'docker-compose.yaml', 'Dockerfile', 'solution.sh'].some((name) =>
    existsSync(path.join(folder, name)),
  )

/** A task of Terminal-Bench's older layout (`task.yaml`, `Dockerfile`, `run-tests.sh`, `tests/`), or why it is not measured. */
export async function readTerminalBenchTask(folder: string, id: string, place: Place): Promise<BenchmarkTask | Why> {
  const linked = againstFile(path.join(folder, CONFIG))
  if (linked !== null) return linked
  const read = await readYaml(path.join(folder, CONFIG), KIND)
  if (!read.ok) return because(`task.yaml: ${read.failure.message}`)
  const { instruction, difficulty, category, parser_name, ...task } = read.value
  if (task.run_tests_in_same_shell)
    return because('its tests run in the shell that the agent left, which a sandbox ends')
  const [script, folderOfTests] = [path.join(folder, 'run-tests.sh'), path.join(folder, 'tests')]
  if (!existsSync(script)) return because('it has no run-tests.sh')
  const image = await imageIn(folder)
  if (isWhy(image)) return image
  const places = [script, ...(existsSync(folderOfTests) ? [folderOfTests] : [])]
  const tests = await testsAt(places)
  if (isWhy(tests)) return tests
  const fetched = fetchesIn(tests.files)
  if (fetched !== null) return because(`its tests fetch from the network, and a sandbox has none: ${fetched}`)
  const parts: TaskParts = {
    ...{ id, layout: 'terminal-bench', image, limits: {}, request: instruction },
    tags: { difficulty, category },
    agentSeconds: task.max_agent_timeout_sec,
    scoring: {
      tests: places,
      digest: tests.digest,
      run: 'bash /tests/run-tests.sh',
      env: { TEST_DIR: '/tests' },
      seconds: task.max_test_timeout_sec,
      verdict: parser_name,
    },
  }
  return taskOf(folder, parts, place)
}

async function imageIn(folder: string): Promise<TaskParts['image'] | Why> {
  const composed = await composedBy(folder, 'client')
  if (isWhy(composed)) return composed
  const dockerfile = path.join(folder, 'Dockerfile')
  if (!existsSync(dockerfile)) return because('it has no Dockerfile')
  const facts = imageOf(dockerfile)
  if (isWhy(facts)) return facts
  const shown = facts.copied.map(hiddenIn).find((name) => name !== undefined)
  const against = firstAgainst([
    [shown !== undefined, `its image shows an agent what scores it: its Dockerfile copies ${shown ?? ''}`],
  ])
  return against ?? againstWorkdir(composed.workdir, facts) ?? { build: folder, ...variablesOf(composed.env) }
}

/** What of a task's folder an agent must not see: it is the folder of the build, too. */
const hiddenIn = ({ from }: Copied): string | undefined =>
  from.find((name) => /^(\.?\/)*(\.|\*|tests?(\/.*)?|.*run-tests\.sh|solution.*|task\.yaml)?$/.test(name))
