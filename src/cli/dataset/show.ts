import { Command } from 'commander'
import { answer, execute, withGlobals, type GlobalOptions } from '../context.js'

export function showCommand(): Command {
  return withGlobals(new Command('show'))
    .description('a sample token by token: what trains is green, the rest is dim')
    .argument('<name>', 'the dataset')
    .argument('[sample]', 'a sample; statistics of all where not given')
    .addHelpText('after', '\nExample:\n  limi dataset show curated')
    .action((name: string, sample: string | undefined, options: GlobalOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { showDataset } = await import('../../pipeline/show.js')
        const shown = await showDataset({ project: project.value, ...context }, name, sample)
        return shown.ok ? answer({ ...shown.value, coloured: sample !== undefined }) : shown
      }),
    )
}
