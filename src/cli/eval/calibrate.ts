import { Command, Option } from 'commander'
import { answer, asWriter, execute, withGlobals, type GlobalOptions } from '../context.js'
import { fraction, natural } from '../options.js'

interface CalibrateOptions extends GlobalOptions {
  readonly human?: string
  readonly judge?: 'human'
  readonly minKappa?: number
  readonly seed: number
}

export function calibrateCommand(): Command {
  return withGlobals(new Command('calibrate'))
    .description("how far a judge's scores are a person's: weighted kappa, agreement and bias, with intervals")
    .argument('<evaluation>', 'the evaluation whose judge is tried')
    .option('--human <file|evaluation>', 'scores of a person: a table (.csv, .yaml), or an evaluation that one judged')
    .addOption(
      new Option('--judge <who>', 'judge what the judge was shown, on the terminal')
        .choices(['human'])
        .conflicts('human'),
    )
    .option('--min-kappa <k>', 'exit code 1 where the weighted kappa is below', fraction)
    .option('--seed <n>', 'seed of the bootstrap', natural, 0)
    .addHelpText('after', '\nExample:\n  limi eval calibrate curated --human scores.csv --min-kappa 0.6')
    .action((evaluation: string, options: CalibrateOptions) =>
      execute(options, (context) =>
        asWriter(context, 'eval calibrate', async (run) => {
          const { calibrateProject } = await import('../../pipeline/index.js')
          const { human, judge, seed, minKappa } = options
          const calibrated = await calibrateProject(run, { evaluation, human, seed, ask: judge === 'human' })
          if (!calibrated.ok) return calibrated
          const { data, text } = calibrated.value
          const { value } = data.score.kappa
          return answer({ data, text, no: minKappa !== undefined && (value === null || value < minKappa) })
        }),
      ),
    )
}
