import { Command } from 'commander'
import { answer, asWriter, execute, harmless, withGlobals, type GlobalOptions } from '../context.js'
import { positive } from '../options.js'

interface ImportOptions extends GlobalOptions {
  readonly format: string
  readonly id?: string
  readonly scorer?: string
  readonly maxScore?: number
}

export function importCommand(): Command {
  return withGlobals(new Command('import'))
    .description('evaluations made elsewhere (exit code 0 all, 1 some rejected, 2 none)')
    .argument('<paths...>', 'folders or archives of limi, or logs of Inspect AI (.eval, .json)')
    .option('--format <format>', 'auto, limi or inspect', 'auto')
    .option('--id <id>', "the evaluation's id; made of the source's name and bytes where not given")
    .option('--scorer <name>', "which of a log's scorers says whether a trial passed; its headline where not given")
    .option('--max-score <n>', 'the full score, where scorers give numbers; 1 where not given', positive)
    .addHelpText('after', '\nExample:\n  limi eval import logs/2026-01-05_gaia.eval --id gaia-before')
    .action((paths: string[], options: ImportOptions) =>
      execute(options, (context) =>
        asWriter(context, 'eval import', async (run) => {
          const { importEvaluationsInto, metricsTable } = await import('../../pipeline/evaluation/import.js')
          const imported = await importEvaluationsInto(run, paths, options)
          if (!imported.ok) return imported
          const { shown, kept, rejected } = imported.value
          for (const { message, code, where } of rejected)
            context.warn(`rejected: ${where ?? ''}: ${message} (${code})`)
          const texts = shown.map((one) => {
            const note = kept.includes(one.id) ? '  (was there already)' : ''
            return `evaluations/${one.id}/${note}\n${metricsTable(one)}`
          })
          return answer({ data: shown, text: harmless(texts.join('\n\n')), no: rejected.length > 0 })
        }),
      ),
    )
}
