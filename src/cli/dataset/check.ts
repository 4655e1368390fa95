import { Command } from 'commander'
import { plural } from '../../shared/report/index.js'
import { answer, execute, withGlobals, type GlobalOptions } from '../context.js'

interface CheckCommandOptions extends GlobalOptions {
  readonly eachPrompt?: boolean
}

export function checkCommand(): Command {
  return withGlobals(new Command('check'))
    .description(
      'make everything again from the trajectories alone and compare (exit code 1 with the first difference)',
    )
    .argument('[name]', 'the dataset', 'curated')
    .option('--each-prompt', 'render what the model read before each message that trains, one by one: takes long')
    .addHelpText('after', '\nExample:\n  limi dataset check curated')
    .action((name: string, options: CheckCommandOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { checkProjectDataset } = await import('../../pipeline/index.js')
        const { certifyByShape, renderEach } = await import('../../stages/dataset/index.js')
        const certify = options.eachPrompt === true ? renderEach : certifyByShape
        const checked = await checkProjectDataset({ project: project.value, ...context }, name, certify)
        if (!checked.ok) return checked
        const { status, samples, firstDifference: first } = checked.value
        const text =
          first === undefined
            ? plural(samples, 'sample is right', 'samples are right')
            : `${first.where}: ${first.what}`
        return answer({ data: checked.value, text, no: status !== 'ok' })
      }),
    )
}
