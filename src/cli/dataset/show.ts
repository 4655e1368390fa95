import { Command } from 'commander'
import { answer, execute, withGlobals, type GlobalOptions } from '../context.js'

interface ShowOptions extends GlobalOptions {
  readonly html?: string | true
  readonly force?: true
}

export function showCommand(): Command {
  return withGlobals(new Command('show'))
    .description('figures of a dataset, or a sample token by token: what trains is green, the rest is dim')
    .argument('[id]', 'a dataset, or a sample of any', 'curated')
    .argument('[sample]', 'a sample of that dataset')
    .option('--html [file]', 'write a page instead; `<id>.html` in this folder where no file is named')
    .option('--force', 'replace a file that is no page of limi')
    .addHelpText('after', '\nExample:\n  limi dataset show curated --html')
    .action((id: string, sample: string | undefined, options: ShowOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { showDataset } = await import('../../pipeline/dataset/show.js')
        const html = options.html === true ? `${sample ?? id}.html` : options.html
        const { anyFile } = await import('../../pipeline/out-place.js')
        const request = { id, sample, html, mayReplace: options.force === true ? anyFile : undefined }
        const shown = await showDataset({ project: project.value, ...context }, request)
        return shown.ok ? answer({ ...shown.value, coloured: true }) : shown
      }),
    )
}
