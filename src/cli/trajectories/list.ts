import { Command } from 'commander'
import { plural, table } from '../../shared/report/index.js'
import { answer, execute, withGlobals, type GlobalOptions } from '../context.js'

export function listCommand(): Command {
  return withGlobals(new Command('list'))
    .description('every trajectory, a line each')
    .addHelpText('after', '\nExample:\n  limi trajectories list')
    .action((options: GlobalOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { rowOfTrajectory, trajectoryStore } = await import('../../stages/trajectories/index.js')
        const store = trajectoryStore(project.value.paths.trajectories)
        const ids = await store.list()
        if (!ids.ok) return ids
        const rows = []
        for await (const { id, read } of store.each(ids.value)) {
          if (read.ok) rows.push(rowOfTrajectory(read.value))
          else context.warn(`${id}: ${read.failure.message} (${read.failure.where ?? ''})`)
        }
        const cells = rows.map((row) => [
          row.id,
          row.source,
          row.agent,
          row.model,
          plural(row.messages, 'message'),
          plural(row.toolCalls, 'call'),
          row.threads > 1 ? plural(row.threads, 'thread') : '',
          row.outcome,
          row.best === true ? 'best' : '',
        ])
        return answer({ data: rows, text: table(cells) })
      }),
    )
}
