import { Command } from 'commander'
import { answer, asWriter, execute, withGlobals, type GlobalOptions } from '../context.js'
import { contractOf, textOf } from './answer.js'

export function resumeCommand(): Command {
  return withGlobals(new Command('resume'))
    .description('go on with a run that was stopped, from its last checkpoint, with what it was begun with')
    .argument('<run>', 'the run')
    .addHelpText('after', '\nExample:\n  limi train resume curated')
    .action((name: string, options: GlobalOptions) =>
      execute(options, (context) =>
        asWriter(context, 'train resume', async (run) => {
          const { resumeProject } = await import('../../pipeline/index.js')
          const trained = await resumeProject(run, name)
          return trained.ok ? answer({ data: contractOf(trained.value.value), text: textOf(trained.value) }) : trained
        }),
      ),
    )
}
