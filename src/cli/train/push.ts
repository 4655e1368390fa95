import { Command } from 'commander'
import { answer, asWriter, execute, withGlobals, type GlobalOptions } from '../context.js'

interface PushOptions extends GlobalOptions {
  readonly hub: string
  readonly private?: boolean
}

export function pushCommand(): Command {
  return withGlobals(new Command('push'))
    .description('upload a finished run and its model card to the Hugging Face Hub, with the token in HF_TOKEN')
    .argument('<run>', 'the run')
    .requiredOption('--hub <owner/name>', 'the repository; made where it is not there')
    .option('--private', 'make it a private one')
    .addHelpText('after', '\nExample:\n  limi train push curated --hub OWNER/my-agent --private')
    .action((name: string, options: PushOptions) =>
      execute(options, (context) =>
        asWriter(context, 'train push', async (run) => {
          const { pushProject } = await import('../../pipeline/index.js')
          const pushed = await pushProject(run, { run: name, repository: options.hub, isPrivate: options.private })
          return pushed.ok ? answer(pushed.value) : pushed
        }),
      ),
    )
}
