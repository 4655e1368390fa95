import { Command } from 'commander'
import { answer, asWriter, execute, withGlobals, type GlobalOptions } from '../context.js'

export function resumeCommand(): Command {
  return withGlobals(new Command('resume'))
    .description(
      'go on with a run that was stopped, from its last checkpoint, with what it was begun with, its forgetting check too',
    )
    .argument('<run>', 'the run')
    .addHelpText('after', '\nExample:\n  limi train resume curated')
    .action((name: string, options: GlobalOptions) =>
      execute(options, (context) =>
        asWriter(context, 'train resume', async (run) => {
          const [{ resumeAndRecall }, { trainedAnswer }] = await Promise.all([
            import('../../pipeline/index.js'),
            import('./answer.js'),
          ])
          const trained = await resumeAndRecall(run, name)
          return trained.ok ? answer(trainedAnswer(trained.value)) : trained
        }),
      ),
    )
}
