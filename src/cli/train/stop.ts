import { Command } from 'commander'
import { answer, execute, withGlobals, type GlobalOptions } from '../context.js'

export function stopCommand(): Command {
  return withGlobals(new Command('stop'))
    .description('ask the process that trains to save and end, and wait until it has')
    .argument('<run>', 'the run')
    .addHelpText('after', '\nExample:\n  limi train stop curated')
    .action((name: string, options: GlobalOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { stopTraining } = await import('../../pipeline/index.js')
        const stopped = await stopTraining({ project: project.value, ...context }, name)
        return stopped.ok ? answer({ data: stopped.value.status, text: stopped.value.text }) : stopped
      }),
    )
}
