import { Command } from 'commander'
import { answer, execute, withGlobals, type GlobalOptions } from '../context.js'

export function showCommand(): Command {
  return withGlobals(new Command('show'))
    .description('a table of the tasks and the metrics with their intervals')
    .argument('<id>', 'the evaluation')
    .addHelpText('after', '\nExample:\n  limi eval show curated')
    .action((id: string, options: GlobalOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { evaluationTable, showEvaluation } = await import('../../stages/evaluation/index.js')
        const shown = await showEvaluation(project.value.paths.evaluations, id)
        return shown.ok ? answer({ data: shown.value, text: evaluationTable(shown.value) }) : shown
      }),
    )
}
