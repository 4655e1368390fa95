import { Option, type Command } from 'commander'
import { answer, asWriter, execute, type GlobalOptions } from '../context.js'
import { count, natural, pairs, positive } from '../options.js'

interface BeginOptions extends GlobalOptions {
  readonly dataset?: string
  readonly heldOut?: string
  readonly base?: string
  readonly engine: string
  readonly recipe: string
  readonly run?: string
  readonly steps?: number
  readonly epochs?: number
  readonly seed?: number
  readonly saveEvery?: number
  readonly earlyStopping?: number
  readonly address?: string
  readonly engineSetting?: Readonly<Record<string, string>>
  readonly forgetting?: string
}

/** `limi train` itself, which begins a run or goes on with it. */
export function beginOptions(train: Command): Command {
  return train
    .description('fine-tune a model on a dataset whose proof holds; interrupted, it resumes from its last checkpoint')
    .option('--dataset <name>', 'a dataset of this project; needed')
    .option('--held-out <name>', 'a dataset that never trains: its loss is measured after every epoch')
    .option('--base <model>', 'the model to train; the one that the dataset was built for where not given')
    .option('--engine <name>', 'who trains: docs/training.md says which engine is for what', 'trl')
    .option('--recipe <name>', 'a recipe by name, or a YAML file', 'laptop')
    .option('--run <name>', "the run's name; the dataset's where not given")
    .option('--steps <n>', "optimiser steps in place of the recipe's; 0 gives the base back", natural)
    .addOption(
      new Option('--epochs <n>', "how often each sample is seen, in place of the recipe's steps")
        .argParser(positive)
        .conflicts('steps'),
    )
    .option('--seed <n>', "seed in place of the recipe's", natural)
    .option('--save-every <n>', 'steps between two checkpoints to resume from', count)
    .option('--early-stopping <n>', 'stop after so many epochs without a lower held-out loss, and keep the best', count)
    .option('--address <url>', 'of the cluster that trains, for the engines that have one')
    .option(
      '--engine-setting <name=value>',
      'what else the engine is told (repeatable): docs/training/ names them',
      pairs,
    )
    .option('--forgetting <evaluation>', 'afterwards, repeat this evaluation of the base with what was trained')
    .addHelpText('after', '\nExample:\n  limi train --dataset curated --held-out rest --recipe laptop')
    .action(begin)
}

function begin(options: BeginOptions): Promise<void> {
  return execute(options, (context) =>
    asWriter(context, 'train', async (run) => {
      const { dataset } = options
      if (dataset === undefined) return { ok: false, failure: noDataset }
      const [{ trainAndRecall }, { trainedAnswer }] = await Promise.all([
        import('../../pipeline/index.js'),
        import('./answer.js'),
      ])
      const trained = await trainAndRecall(run, { ...options, dataset, ...told(options) })
      return trained.ok ? answer(trainedAnswer(trained.value)) : trained
    }),
  )
}

/** What stands in place of the recipe's own, and what the engine alone is told. */
function told({ steps, epochs, seed, saveEvery, earlyStopping, address, engineSetting }: BeginOptions) {
  return {
    overrides: {
      ...(steps === undefined ? {} : { steps }),
      ...(epochs === undefined ? {} : { epochs }),
      ...(seed === undefined ? {} : { seed }),
      ...(saveEvery === undefined ? {} : { saveEvery }),
      ...(earlyStopping === undefined ? {} : { earlyStopping: { patience: earlyStopping } }),
    },
    setting: { ...engineSetting, ...(address === undefined ? {} : { address }) } as Readonly<Record<string, string>>,
  }
}

/** Not Commander's to ask for: it would ask for it of every subcommand too. */
const noDataset = {
  kind: 'input',
  code: 'usage',
  message: 'required option --dataset <name> is missing',
  remedy: '`limi train --help` says how it is used; `limi status` lists the datasets',
} as const
