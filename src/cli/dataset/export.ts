import { Command } from 'commander'
import { answer, execute, withGlobals, type GlobalOptions } from '../context.js'

interface ExportOptions extends GlobalOptions {
  readonly format: string
  readonly out?: string
}

export function exportCommand(): Command {
  return withGlobals(new Command('export'))
    .description('the samples of a proved dataset, in order, as a training engine reads them')
    .argument('[name]', 'the dataset', 'curated')
    .requiredOption('--format <format>', 'trl, slime, llamafactory, axolotl, ms-swift, openai-ft or parquet')
    .option(
      '--out <path>',
      "a file, or a folder for llamafactory; by the dataset's name in this folder where not given",
    )
    .addHelpText('after', '\nExample:\n  limi dataset export curated --format trl --out train.jsonl')
    .action((name: string, options: ExportOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { exportDataset } = await import('../../pipeline/dataset-export.js')
        const exported = await exportDataset({ project: project.value, ...context }, { name, ...options })
        return exported.ok ? answer(exported.value) : exported
      }),
    )
}
