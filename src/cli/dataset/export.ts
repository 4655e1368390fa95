import { Command } from 'commander'
import type { Failure } from '../../nouns/index.js'
import { answer, execute, withGlobals, type GlobalOptions } from '../context.js'
import { pairs } from '../options.js'

interface ExportOptions extends GlobalOptions {
  readonly format: string
  readonly out?: string
  readonly force?: true
  readonly readBack?: string | true
  readonly engineSetting?: Readonly<Record<string, string>>
}

const UNREAD: Failure = {
  kind: 'input',
  code: 'usage',
  message: '--engine-setting goes with --read-back: nothing else runs an engine',
  remedy: 'give --read-back too, or leave --engine-setting out',
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
    .option('--force', 'replace files that no export of a dataset wrote')
    .option(
      '--read-back [checkout]',
      "run the engine's own code on it (trl; slime and llamafactory from a checkout) and compare token by token (exit code 1 with the first differences)",
    )
    .option('--engine-setting <name=value>', 'of the engine that reads it back, for example template=qwen3', pairs)
    .addHelpText('after', '\nExample:\n  limi dataset export curated --format trl --out train.jsonl --read-back')
    .action((name: string, options: ExportOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { exportDataset } = await import('../../pipeline/dataset/export.js')
        const { anyFile } = await import('../../pipeline/out-place.js')
        const { format, out, readBack, engineSetting: settings = {} } = options
        if (readBack === undefined && Object.keys(settings).length > 0) return { ok: false, failure: UNREAD }
        const plan = readBack === undefined ? undefined : { checkout: readBack === true ? null : readBack, settings }
        const mayReplace = options.force === true ? anyFile : undefined
        const request = { name, format, out, mayReplace, ...(plan === undefined ? {} : { readBack: plan }) }
        const exported = await exportDataset({ project: project.value, ...context }, request)
        return exported.ok ? answer({ ...exported.value, no: exported.value.differs }) : exported
      }),
    )
}
