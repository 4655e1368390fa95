import { Command } from 'commander'
import { answer, execute, withGlobals, type GlobalOptions } from '../context.js'

interface ShowOptions extends GlobalOptions {
  readonly html?: string | true
  readonly csv?: string | true
  readonly force?: true
}

export function showCommand(): Command {
  return withGlobals(new Command('show'))
    .description('a table of the tasks and the metrics with their intervals')
    .argument('<id>', 'the evaluation')
    .option('--html [file]', 'write a page with plots instead; `<id>.html` in this folder where no file is named')
    .option('--csv [file]', 'write a row a trial instead; `<id>.csv` in this folder where no file is named')
    .option('--force', 'replace a file that is no page of limi')
    .addHelpText('after', '\nExample:\n  limi eval show curated --html')
    .action((id: string, options: ShowOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const [{ showProjectEvaluation }, { anyFile }] = await Promise.all([
          import('../../pipeline/evaluation/show.js'),
          import('../../pipeline/out-place.js'),
        ])
        const request = {
          id,
          html: options.html === true ? `${id}.html` : options.html,
          csv: options.csv === true ? `${id}.csv` : options.csv,
          mayReplace: options.force === true ? anyFile : undefined,
        }
        const shown = await showProjectEvaluation({ project: project.value }, request)
        return shown.ok ? answer(shown.value) : shown
      }),
    )
}
