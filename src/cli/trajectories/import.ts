import { Command } from 'commander'
import { answer, asWriter, execute, withGlobals, type GlobalOptions } from '../context.js'

interface ImportOptions extends GlobalOptions {
  readonly format: string
  readonly licence?: string
}

export function importCommand(): Command {
  return withGlobals(new Command('import'))
    .description('recorded runs of others, by content (exit code 0 all, 1 some rejected, 2 none)')
    .argument('<paths...>', 'files or folders')
    .option('--format <format>', 'auto, or one of `limi trajectories formats`', 'auto')
    .option('--licence <name>', 'the licence that these runs are under, for example MIT')
    .addHelpText('after', '\nExample:\n  limi trajectories import runs/ chat.jsonl --licence MIT')
    .action((paths: string[], options: ImportOptions) =>
      execute(options, (context) =>
        asWriter(context, 'trajectories import', async (run) => {
          const { importInto } = await import('../../pipeline/trajectories/import.js')
          const { describeImport, nothingImported, passedOverLines } = await import('./describe-import.js')
          const { format, licence } = options
          const report = await importInto(run, paths, { format, licence })
          for (const line of passedOverLines(report.passedOver)) context.warn(line)
          const failure = report.imported.length === 0 ? nothingImported(report) : undefined
          return answer({ data: report, text: describeImport(report), no: report.rejected.length > 0, failure })
        }),
      ),
    )
}

export function formatsCommand(): Command {
  return withGlobals(new Command('formats'))
    .description('the formats that import reads and export writes')
    .addHelpText('after', '\nExample:\n  limi trajectories formats')
    .action((options: GlobalOptions) =>
      execute(options, async () => {
        const { exportFormats, importFormats } = await import('../../stages/trajectories/index.js')
        const text = `import: ${importFormats.join(', ')}\nexport: ${exportFormats.join(', ')}`
        return answer({ data: { import: importFormats, export: exportFormats }, text })
      }),
    )
}
