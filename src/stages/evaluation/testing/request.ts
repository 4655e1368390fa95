import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { BuiltInConfig, done, failed, type TrajectoryEvent } from '../../../nouns/index.js'
import { builtInAgent, type OpenTrajectory } from '../../../shared/agents/index.js'
import { workspacesIn } from '../../../shared/rollouts/index.js'
import { virtualSandboxes } from '../../../shared/sandboxes/index.js'
import { scorerFor } from '../../../shared/scoring/index.js'
import type { EvaluationRequest } from '../trials/index.js'
import { MODEL, TASKS } from './words.js'

/** Trajectories as files; one that is whole is not overwritten. */
const trajectoriesIn =
  (folder: string): OpenTrajectory =>
  async (header) => {
    const file = path.join(folder, 'trajectories', `${header.id}.jsonl`)
    if (existsSync(file) && (await readFile(file, 'utf8')).includes('"type":"end"')) {
      return failed({ kind: 'input', code: 'trajectory.exists', message: 'there already' })
    }
    const events: (typeof header | TrajectoryEvent)[] = [header]
    const save = async (): Promise<void> => {
      await mkdir(path.dirname(file), { recursive: true })
      await writeFile(file, events.map((event) => JSON.stringify(event)).join('\n'))
    }
    return done({ append: async (event) => void events.push(event), close: save })
  }

/** An evaluation of the scripted model on the tasks about words, into a folder. */
export const requestIn = (folder: string, changes: Partial<EvaluationRequest> = {}): EvaluationRequest => ({
  id: path.basename(folder),
  folder,
  benchmark: 'words',
  tasks: TASKS,
  agent: builtInAgent(BuiltInConfig.parse({ kind: 'built-in', actions: 'fenced', maxTurns: 4 }), { backoffMs: [] }),
  agentName: 'shell',
  model: MODEL,
  modelName: 'scripted',
  workspaces: workspacesIn(virtualSandboxes),
  scorerFor,
  openTrajectory: trajectoriesIn(folder),
  rounds: 3,
  concurrency: 3,
  inputs: { model: [{ id: 'scripted', digest: 'd1' }] },
  backoffMs: [1, 1],
  ...changes,
})
