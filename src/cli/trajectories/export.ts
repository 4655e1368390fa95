import { once } from 'node:events'
import { Command } from 'commander'
import { answer, execute, harmlessJson, withGlobals, type GlobalOptions } from '../context.js'

interface ExportOptions extends GlobalOptions {
  readonly format: string
  readonly out?: string
  readonly force?: true
}

export function exportCommand(): Command {
  return withGlobals(new Command('export'))
    .description('in a form that other tools read; what it cannot hold is said (docs/formats.md)')
    .argument('[ids...]', 'trajectories; all where not given')
    .option('--format <format>', 'one of `limi trajectories formats`', 'openai-messages')
    .option('--out <path>', 'write here instead of stdout: a file of lines, or a folder where each is a file')
    .option('--force', 'replace files that are there already')
    .addHelpText('after', '\nExample:\n  limi trajectories export --format slime --out slime.jsonl')
    .action((ids: string[], options: ExportOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { exportProject } = await import('../../pipeline/trajectories/export.js')
        const { anyFile, noFile } = await import('../../pipeline/out-place.js')
        const { format, out } = options
        const mayReplace = options.force === true ? anyFile : noFile
        const print = context.json ? undefined : printed
        const exported = await exportProject(
          { project: project.value, ...context },
          { ids, format, out, mayReplace, print },
        )
        return exported.ok ? answer(exported.value) : exported
      }),
    )
}

/** Waits for a slow reader, so that a large export does not pile up in memory. */
async function printed(text: string): Promise<void> {
  if (!process.stdout.write(harmlessJson(text))) await once(process.stdout, 'drain')
}
