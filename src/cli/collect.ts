import { Command, Option } from 'commander'
import type { CollectedProject } from '../pipeline/index.js'
import { answer, asWriter, execute, withGlobals, type GlobalOptions } from './context.js'
import { count, list, pairs, positive } from './options.js'

interface CollectOptions extends GlobalOptions {
  readonly agent: readonly string[]
  readonly model?: string
  readonly name: string
  readonly queries?: readonly string[]
  readonly where?: Record<string, string>
  readonly rounds: number
  readonly attempts: number
  readonly concurrency: number
  readonly feedback?: 'scorer' | 'simulated'
  readonly user?: string
  readonly judge?: readonly string[]
  readonly judgeRepeats: number
  readonly sandbox?: string
  readonly maxCost?: number
  readonly maxTokens?: number
  readonly maxMinutes?: number
  readonly best?: true
}

export function collectCommand(): Command {
  return withGlobals(new Command('collect'))
    .description('agents work through the training queries, unattended; finished trajectories are kept')
    .requiredOption('--agent <name>', 'an agent of limi.yaml (repeatable)', list)
    .option('--model <name>', "a model for all of them; each agent's own where not given")
    .option('--name <campaign>', 'name of this campaign; ids begin with it', 'pool')
    .option('--queries <ids...>', 'these queries only')
    .option('--where <tag=value>', 'only queries with this tag (repeatable)', pairs)
    .option('--rounds <n>', 'rounds a query, with feedback between them', count, 3)
    .option('--attempts <n>', 'attempts of each agent at each query', count, 1)
    .option('--concurrency <n>', 'rollouts at the same time', count, 16)
    .addOption(
      new Option(
        '--feedback <who>',
        'who speaks for the person between rounds: scorer, or simulated with --user',
      ).choices(['scorer', 'simulated']),
    )
    .option('--user <model>', 'the model that speaks as the person')
    .option('--judge <name>', 'who decides rubrics: a model, or human (repeatable: a panel)', list)
    .option('--judge-repeats <n>', 'votes of each judge', count, 1)
    .option('--sandbox <name>', "where agents act, instead of limi.yaml's")
    .option(
      '--max-cost <n>',
      'stop once all of this campaign has cost so much, in the currency of the prices',
      positive,
    )
    .option('--max-tokens <n>', 'stop once all of this campaign has taken so many tokens, read and written', count)
    .option('--max-minutes <n>', 'stop after so many minutes', positive)
    .option('--best', 'mark the attempt to keep of each query')
    .addHelpText(
      'after',
      '\nExample:\n  limi collect --agent shell --model openai:gpt-5 --attempts 4 --max-cost 20 --best\n  limi collect --agent shell --feedback simulated --user openai:gpt-5',
    )
    .action((options: CollectOptions) =>
      execute(options, (context) =>
        asWriter(context, 'collect', async (run) => {
          const { collectProject, collectView, userOf } = await import('../pipeline/index.js')
          const user = userOf(options)
          if (!user.ok) return user
          const view = collectView(run, process.stderr.isTTY ? process.stderr : null)
          const { agent: agents, judge: judges, where = {}, best = false, maxCost, maxTokens, maxMinutes } = options
          const budget = { maxCost, maxTokens, maxMinutes }
          const request = { ...options, agents, judges, where, best, budget, user: user.value }
          try {
            const collected = await collectProject(view.run, request, view.watch)
            return answerOf(collected, where)
          } finally {
            view.close()
          }
        }),
      ),
    )
}

function answerOf(collected: CollectedProject, where: Readonly<Record<string, string>>) {
  const { made, kept, failed, stopped, best } = collected
  const marked = best === undefined ? [] : [`${Object.keys(best).length} marked as the attempt to keep`]
  const failures = failed.map((one) => `  failed: ${one.id}: ${one.failure.message} (${one.failure.code})`)
  const text = [`${made} made, ${kept} kept, ${failed.length} failed  → trajectories/`, ...marked, ...failures]
  const nothing = collected.rollouts.length === 0
  if (nothing) text.push(nothingToDo(where))
  const isNo = nothing || failed.length > 0
  return answer({
    data: collected,
    text: text.join('\n'),
    no: isNo,
    ...(stopped === undefined ? {} : { failure: stopped }),
  })
}

function nothingToDo(where: Readonly<Record<string, string>>): string {
  const tags = Object.entries(where).map(([tag, value]) => `${tag}=${value}`)
  const tagged = tags.length === 0 ? '' : ` and the tags ${tags.join(', ')}`
  return `nothing to do: no query has split train, checks that score it${tagged}; \`limi queries list\` shows what there is`
}
