import { Command } from 'commander'
import { answer, execute, withGlobals, type GlobalOptions } from '../context.js'

export function listCommand(): Command {
  return withGlobals(new Command('list'))
    .description('every evaluation, finished or under way')
    .addHelpText('after', '\nExample:\n  limi eval list --json')
    .action((options: GlobalOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { evaluationsTable, listEvaluations } = await import('../../pipeline/evaluation/list.js')
        const listed = await listEvaluations(project.value.paths.evaluations)
        return listed.ok ? answer({ data: listed.value, text: evaluationsTable(listed.value) }) : listed
      }),
    )
}
