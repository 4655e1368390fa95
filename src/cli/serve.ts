import { Command, InvalidArgumentError, Option } from 'commander'
import type { Backend } from '../shared/models/index.js'
import { answer, execute, harmlessJson, withGlobals, type Context, type GlobalOptions } from './context.js'
import { natural } from './options.js'

interface ServeOptions extends GlobalOptions {
  readonly port?: number
  readonly host: string
  readonly backend: Backend
  readonly apiKeyEnv?: string
}

export function serveCommand(): Command {
  return withGlobals(new Command('serve'))
    .description(
      'any model as an OpenAI chat-completions endpoint, until Ctrl-C; needs no project for a folder or a script',
    )
    .argument('<model>', 'checkpoint:RUN, dir:PATH, script:FILE, a name in limi.yaml, or any other model')
    .option('--port <n>', 'port to listen on; a free one where not given', port)
    .option('--host <address>', 'address to listen on; other machines need --api-key-env', '127.0.0.1')
    .option('--api-key-env <name>', 'environment variable with the key that clients must send')
    .addOption(
      new Option(
        '--backend <name>',
        'what runs the weights; vllm and sglang must be installed, on a machine with a GPU',
      )
        .choices(['transformers', 'vllm', 'sglang'])
        .default('transformers'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  limi serve checkpoint:curated --port 8000\n  OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=any my-agent --model checkpoint:curated',
    )
    .action((model: string, options: ServeOptions) => execute(options, (context) => serve(model, options, context)))
}

async function serve(model: string, options: ServeOptions, context: Context) {
  const { openForServing, serveUntilStopped } = await import('../pipeline/serve.js')
  const project = await openForServing(context.openProject)
  if (!project.ok) return project
  const { port, host, backend, apiKeyEnv } = options
  const run = { project: project.value, signal: context.signal, say: context.say, warn: context.warn }
  const served = await serveUntilStopped(run, { model, port, host, backend, apiKeyEnv }, (serving) => {
    if (context.json) process.stdout.write(`${harmlessJson(JSON.stringify(serving, null, 2))}\n`)
    else context.say(`serving ${serving.model} at ${serving.baseUrl} (Ctrl-C ends it)`)
  })
  // With --json the one document was printed as soon as the address was known.
  return served.ok ? answer({ data: undefined, text: '' }) : served
}

function port(text: string): number {
  const value = natural(text)
  if (value > 65_535) throw new InvalidArgumentError('a port is at most 65535')
  return value
}
