import { Command } from 'commander'
import { answer, execute, withGlobals, type GlobalOptions } from '../context.js'

interface ExportOptions extends GlobalOptions {
  readonly format: string
  readonly out: string
  readonly force?: true
}

export function exportCommand(): Command {
  return withGlobals(new Command('export'))
    .description('an evaluation in a form that other tools read; what it cannot hold is said')
    .argument('<id>', 'the evaluation')
    .requiredOption(
      '--format <format>',
      'inspect (a log of Inspect AI), atif (the conversations), csv or jsonl (a row a trial), limi (for `limi eval import`)',
    )
    .requiredOption('--out <path>', 'the file; for inspect its ending says which: .eval or .json; for atif a folder')
    .option('--force', 'replace files that are there already')
    .addHelpText('after', '\nExample:\n  limi eval export curated --format inspect --out curated.eval')
    .action((id: string, { format, out, force, ...options }: ExportOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { exportEvaluation } = await import('../../pipeline/index.js')
        const { anyFile, noFile } = await import('../../pipeline/out-place.js')
        const mayReplace = force === true ? anyFile : noFile
        const exported = await exportEvaluation({ project: project.value, ...context }, { id, format, out, mayReplace })
        return exported.ok ? answer(exported.value) : exported
      }),
    )
}
