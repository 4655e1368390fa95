import { Command } from 'commander'
import type { Project } from '../../shared/project/index.js'
import { answer, execute, withGlobals, type Context, type GlobalOptions } from '../context.js'

export function statusCommand(): Command {
  return withGlobals(new Command('status'))
    .description('how far a run is, while it trains or afterwards; without a name, every run')
    .argument('[run]', 'the run')
    .addHelpText('after', '\nExample:\n  limi train status curated')
    .action((name: string | undefined, options: GlobalOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        return name === undefined ? statusOfAll(context, project.value) : statusOfOne(context, project.value, name)
      }),
    )
}

async function statusOfOne(context: Context, project: Project, name: string) {
  const { trainingStatus, statusText } = await import('../../pipeline/index.js')
  const status = await trainingStatus({ project, ...context }, name)
  return status.ok ? answer({ data: status.value, text: statusText(status.value) }) : status
}

async function statusOfAll(context: Context, project: Project) {
  const { trainingStatuses, statusTable } = await import('../../pipeline/index.js')
  const all = await trainingStatuses({ project, ...context })
  return all.ok ? answer({ data: all.value, text: statusTable(all.value) }) : all
}
