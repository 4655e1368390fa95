import { Command } from 'commander'
import { answer, execute, withGlobals, type GlobalOptions } from '../context.js'

export function checkCommand(): Command {
  return withGlobals(new Command('check'))
    .description(
      'make everything again from the trajectories alone and compare (exit code 1 with the first difference)',
    )
    .argument('[name]', 'the dataset', 'curated')
    .addHelpText('after', '\nExample:\n  limi dataset check curated')
    .action((name: string, options: GlobalOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { checkProjectDataset } = await import('../../pipeline/index.js')
        const checked = await checkProjectDataset({ project: project.value, ...context }, name)
        if (!checked.ok) return checked
        const { status, samples, firstDifference: first } = checked.value
        const text = first === undefined ? `${samples} samples are right` : `${first.where}: ${first.what}`
        return answer({ data: checked.value, text, no: status !== 'ok' })
      }),
    )
}
