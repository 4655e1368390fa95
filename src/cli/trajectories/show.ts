import { Command } from 'commander'
import type { Failure, Trajectory } from '../../nouns/index.js'
import { answer, execute, harmlessJson, withGlobals, type GlobalOptions } from '../context.js'

export function showCommand(): Command {
  return withGlobals(new Command('show'))
    .description('one trajectory as people read it; with --json as the design has it')
    .argument('<id>')
    .option('--thread <id>', 'this thread alone')
    .option('--raw', 'the lines of its file, nothing folded')
    .addHelpText('after', '\nExample:\n  limi trajectories show pool-expert-shell-sort-lines-train-01')
    .action((id: string, options: GlobalOptions & { thread?: string; raw?: true }) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { describeTrajectory, serialiseTrajectory, trajectoryStore } =
          await import('../../stages/trajectories/index.js')
        const store = trajectoryStore(project.value.paths.trajectories)
        const read = await store.read(id)
        if (!read.ok) return read
        const { thread, raw } = options
        if (raw === true && thread === undefined) {
          const text = await store.text(id)
          return text.ok ? answer({ data: read.value, text: harmlessJson(text.value) }) : text
        }
        const shown = thread === undefined ? read.value : onlyThread(read.value, thread)
        if (shown === null) return { ok: false, failure: noThread(thread ?? '', read.value) }
        const text = raw === true ? harmlessJson(serialiseTrajectory(shown)) : describeTrajectory(shown)
        return answer({ data: shown, text })
      }),
    )
}

function onlyThread(trajectory: Trajectory, id: string): Trajectory | null {
  const threads = trajectory.threads.filter((thread) => thread.id === id)
  const asides = trajectory.asides.filter((aside) => aside.thread === id)
  return threads.length === 0 ? null : { ...trajectory, threads, asides }
}

const noThread = (id: string, { threads, id: where }: Trajectory): Failure => ({
  kind: 'input',
  code: 'trajectory.thread',
  message: `it has no thread ${JSON.stringify(id)}`,
  where,
  remedy: `one of: ${threads.map((thread) => thread.id).join(', ')}`,
})
