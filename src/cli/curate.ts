import { Command, Option } from 'commander'
import type { CuratePlan, Selection } from '../nouns/index.js'
import { answer, asWriter, execute, withGlobals, type GlobalOptions } from './context.js'
import { count, list, natural } from './options.js'

interface CurateCommandOptions extends GlobalOptions {
  readonly name: string
  readonly method: CuratePlan['method']
  readonly count?: number
  readonly seed: number
  readonly campaign?: string[]
  readonly source?: NonNullable<CuratePlan['sources']>
  readonly without?: string[]
  readonly best?: true
}

export function curateCommand(): Command {
  return withGlobals(new Command('curate'))
    .description('choose which trajectories teach, with a reason for every one left out')
    .option('--name <name>', "the selection's name", 'curated')
    .addOption(new Option('--method <method>').choices(['curated', 'random', 'all', 'good']).default('curated'))
    .option('--count <n>', 'how many to choose (curated and random: 78 where not given)', count)
    .option('--seed <n>', 'seed of the draw', natural, 0)
    .option('--campaign <name>', 'draw from this campaign only (repeatable)', list)
    .addOption(
      new Option(
        '--source <kinds...>',
        'whose trajectories may teach; where not given, those made or recorded in this project',
      ).choices(['built-in', 'recorded', 'imported']),
    )
    .option(
      '--without <selections...>',
      'leave out what these chose, and all that was asked the same: held out of them',
    )
    .option('--best', 'of attempts at one query, only the one that `limi collect --best` marked')
    .addHelpText(
      'after',
      '\nExample:\n  limi curate --name best --count 78\n  limi curate --name rest --without best --method good',
    )
    .action((options: CurateCommandOptions) =>
      execute(options, (context) =>
        asWriter(context, 'curate', async (run) => {
          const { curateProject } = await import('../pipeline/index.js')
          const { name, method, count: most, seed, campaign, source, without, best } = options
          const made = await curateProject(
            run,
            { name, method, count: most, campaigns: campaign, sources: source, without, best },
            seed,
          )
          return answer({ data: made, text: describe(made), no: made.chosen.length === 0 })
        }),
      ),
    )
}

function describe(selection: Selection): string {
  const reasons = new Map<string, number>()
  for (const { reason } of selection.excluded) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  const lines = [...reasons].sort((a, b) => b[1] - a[1]).map(([reason, n]) => `  ${String(n).padStart(5)}  ${reason}`)
  const out = selection.excluded.length
  return [`${selection.chosen.length} chosen, ${out} left out  → selections/${selection.name}.yaml`, ...lines].join(
    '\n',
  )
}
