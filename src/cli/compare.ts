import { Command } from 'commander'
import type { Result } from '../nouns/index.js'
import { answer, execute, withGlobals, type Answer, type Context, type GlobalOptions } from './context.js'
import { fraction, natural, share } from './options.js'

interface CompareOptions extends GlobalOptions {
  readonly seed: number
  readonly plan?: boolean
  readonly from?: string
  readonly effect: number
  readonly power: number
  readonly alpha: number
  readonly baseline?: number
  readonly discordant?: number
}

export function compareCommand(): Command {
  return withGlobals(new Command('compare'))
    .description('did it help? two evaluations, paired by task: gain, loss or not-shown (exit code 1 without a gain)')
    .argument('[a]', 'id of the evaluation before')
    .argument('[b]', 'id of the evaluation after')
    .option('--seed <n>', 'seed of the bootstrap and of the permutation test', natural, 0)
    .option('--plan', 'compare nothing yet: how many tasks and trials show an effect of this size?')
    .option('--effect <share>', 'plan: the difference in success rate to show', share, 0.1)
    .option('--power <share>', 'plan: the chance of showing it', share, 0.8)
    .option('--alpha <share>', 'plan: the two-sided level', share, 0.05)
    .option('--baseline <share>', 'plan: the success rate before (0.5 where nothing says)', fraction)
    .option('--discordant <share>', 'plan: the share of tasks in which two single trials differ by chance', fraction)
    .option('--from <id>', 'plan: take baseline, chance and cost from this evaluation')
    .addHelpText('after', '\nExample:\n  limi compare base curated\n  limi compare --plan --effect 0.1 --from base')
    .action((a: string | undefined, b: string | undefined, options: CompareOptions) =>
      execute(options, (context) =>
        options.plan === true ? plan(context, a, options) : compare(context, a, b, options),
      ),
    )
}

async function compare(
  context: Context,
  a: string | undefined,
  b: string | undefined,
  { seed }: CompareOptions,
): Promise<Result<Answer>> {
  if (a === undefined || b === undefined) {
    return wrong('two evaluations are needed', 'name the one before and the one after, or plan one with --plan')
  }
  const project = await context.openProject()
  if (!project.ok) return project
  const { compareProject } = await import('../pipeline/evaluation/compare.js')
  const compared = await compareProject({ project: project.value, ...context }, a, b, seed)
  if (!compared.ok) return compared
  const { data, text, verdict } = compared.value
  return answer({ data, text, no: verdict !== 'gain' })
}

async function plan(context: Context, a: string | undefined, options: CompareOptions): Promise<Result<Answer>> {
  if (a !== undefined) return wrong(`--plan compares nothing, and ${a} was named`, `say --from ${a} to plan from it`)
  const { effect, power, alpha, baseline, discordant, from } = options
  const request = { effect, power, alpha, baseline, discordant }
  const { planned, plannedFrom } = await import('../pipeline/evaluation/compare.js')
  if (from === undefined) return answered(planned(request))
  const project = await context.openProject()
  return project.ok ? answered(await plannedFrom({ project: project.value }, from, request)) : project
}

const answered = (made: Result<Pick<Answer, 'data' | 'text'>>): Result<Answer> => (made.ok ? answer(made.value) : made)

const wrong = (message: string, remedy: string): Result<never> => ({
  ok: false,
  failure: { kind: 'input', code: 'usage', message, remedy },
})
