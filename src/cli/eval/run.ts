import { Command } from 'commander'
import { answer, asWriter, execute, withGlobals, type GlobalOptions } from '../context.js'
import { count, list, natural, positive, taskChoice, type TaskChoice } from '../options.js'

interface RunOptions extends GlobalOptions {
  readonly agent: string
  readonly model?: string
  readonly id?: string
  readonly rounds: number
  readonly trials: number
  readonly concurrency: number
  readonly seed: number
  readonly maxCost?: number
  readonly retryUnmeasured?: boolean
  readonly sandbox?: string
  readonly tasks?: TaskChoice
  readonly judge?: readonly string[]
  readonly judgeRepeats: number
}

export function runCommand(): Command {
  return withGlobals(new Command('run'))
    .description(
      'work through the tasks; interrupted, it goes on; finished, it does nothing (exit code 1 where some of it was not measured)',
    )
    .argument(
      '<benchmark>',
      "`shell`, `heldout` for the project's own held-out queries, or the path of a folder of tasks (limi's, Harbor's, Terminal-Bench's) or of a module",
    )
    .requiredOption('--agent <name>', 'an agent of limi.yaml')
    .option('--model <name>', "a model; the agent's own where not given")
    .option('--id <id>', "the evaluation's id; made of benchmark and model where not given")
    .option('--rounds <n>', 'rounds a task, with feedback between them', count, 3)
    .option('--trials <n>', 'trials a task', count, 1)
    .option('--tasks <suite=n|id>', 'tasks of a suite, or by id or pattern as fix-* (repeatable)', taskChoice)
    .option(
      '--max-cost <n>',
      'begin no further trial, and ask no judge, once this is spent, in the currency of the prices of model and judges',
      positive,
    )
    .option('--retry-unmeasured', 'make the trials again whose judge or simulated user failed')
    .option(
      '--judge <name>',
      'who decides rubrics: a model, or human (repeatable: a panel, whose majority decides)',
      list,
    )
    .option('--judge-repeats <n>', 'votes of each judge', count, 1)
    .option('--sandbox <name>', "where the agent acts, instead of limi.yaml's")
    .option('--concurrency <n>', 'trials at the same time', count, 16)
    .option('--seed <n>', 'seed of the tasks', natural, 0)
    .addHelpText('after', '\nExample:\n  limi eval run shell --agent shell --model checkpoint:curated --id curated')
    .action((benchmark: string, options: RunOptions) =>
      execute(options, (context) =>
        asWriter(context, 'eval run', async (run) => {
          const { benchmarkReference, evaluateProject, metricsTable, sayUnmeasured, showEvaluation } =
            await import('../../pipeline/evaluation/run.js')
          const evaluated = await evaluateProject(run, {
            ...options,
            judges: options.judge,
            benchmark: benchmarkReference(run, benchmark),
          })
          if (!evaluated.ok) return evaluated
          const shown = await showEvaluation(run.project.paths.evaluations, evaluated.value.value.id)
          if (!shown.ok) return shown
          const isMeasured = sayUnmeasured(run, shown.value)
          const kept = evaluated.value.kept ? 'it was finished already: nothing was done\n' : ''
          return answer({
            data: shown.value,
            text: `${kept}${metricsTable(shown.value)}\n→ evaluations/${shown.value.id}/`,
            no: evaluated.value.leftOut.length > 0 || !isMeasured,
          })
        }),
      ),
    )
}
