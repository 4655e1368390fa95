import { Command } from 'commander'
import { answer, execute, harmless, withGlobals, type GlobalOptions } from './context.js'

export function whyCommand(): Command {
  return withGlobals(new Command('why'))
    .description('walk from anything in the project back to the query, the person, the commit it came from')
    .argument('<id>', 'an id, or kind:id where several things share one (evaluation:curated, dataset:curated…)')
    .addHelpText('after', '\nExample:\n  limi why dataset:curated')
    .action((id: string, options: GlobalOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { describeReason, why } = await import('../pipeline/why/why.js')
        const reason = await why(project.value, id)
        return reason.ok ? answer({ data: reason.value, text: harmless(describeReason(reason.value)) }) : reason
      }),
    )
}
