import { Command, Option } from 'commander'
import type { Query } from '../nouns/index.js'
import { plural, table } from '../shared/report/index.js'
import { answer, asWriter, execute, withGlobals, type GlobalOptions } from './context.js'
import { count, pairs } from './options.js'

export function queriesCommand(): Command {
  const queries = new Command('queries').description('what people ask an agent to do')
  return queries.addCommand(addCommand()).addCommand(listCommand()).addCommand(showCommand()).addCommand(mineCommand())
}

interface AddOptions extends GlobalOptions {
  readonly id?: string
  readonly files?: string
  readonly checks?: string
  readonly split?: 'train' | 'heldout'
  readonly tag?: Record<string, string>
  readonly author?: string
  readonly licence?: string
}

function addCommand(): Command {
  return withGlobals(new Command('add'))
    .description('add a query in your own words, with the files the agent starts from and the checks that score it')
    .argument('<request>', 'what you ask')
    .option('--id <id>', 'its id; made from the request where not given')
    .option('--files <dir>', 'a folder of text files: the workspace')
    .option('--checks <file>', 'a YAML file with checks of the final state; without one it is unscored')
    .addOption(new Option('--split <split>').choices(['train', 'heldout']))
    .option('--tag <key=value>', 'a tag, for coverage (repeatable)', pairs)
    .option('--author <name>', 'who asks')
    .option('--licence <id>', 'licence of request and files')
    .addHelpText(
      'after',
      '\nExample:\n  limi queries add "Sort names.txt into sorted.txt" --files start/ --checks checks.yaml',
    )
    .action((request: string, options: AddOptions) =>
      execute(options, (context) =>
        asWriter(context, 'queries add', async (run) => {
          const { addQuery, queryStore } = await import('../stages/queries/index.js')
          const { files, checks, tag, ...rest } = options
          const query = await addQuery({ ...rest, request, filesFrom: files, checksFrom: checks, tags: tag })
          if (!query.ok) return query
          const written = await queryStore(run.project.paths.queries).write(query.value)
          return written.ok
            ? answer({ data: query.value, text: `${query.value.id}  → queries/${query.value.id}.yaml` })
            : written
        }),
      ),
    )
}

function listCommand(): Command {
  return withGlobals(new Command('list'))
    .description('every query, a line each')
    .addHelpText('after', '\nExample:\n  limi queries list')
    .action((options: GlobalOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { queryStore } = await import('../stages/queries/index.js')
        const all = await queryStore(project.value.paths.queries).readAll()
        if (!all.ok) return all
        for (const { id, failure } of all.value.unreadable)
          context.warn(`${id}: ${failure.message} (${failure.where ?? ''})`)
        return answer({ data: all.value.queries, text: table(all.value.queries.map(row)) })
      }),
    )
}

const row = (query: Query): string[] => [
  query.id,
  query.split,
  query.source.kind,
  query.scoring.kind === 'checks' ? `${query.scoring.checks.length} checks` : 'unscored',
  query.request.replaceAll('\n', ' ').slice(0, 72),
]

function showCommand(): Command {
  return withGlobals(new Command('show'))
    .description('one query, whole')
    .argument('<id>')
    .addHelpText('after', '\nExample:\n  limi queries show shell-sort-lines-train-01')
    .action((id: string, options: GlobalOptions) =>
      execute(options, async (context) => {
        const project = await context.openProject()
        if (!project.ok) return project
        const { describeQuery, queryStore } = await import('../stages/queries/index.js')
        const query = await queryStore(project.value.paths.queries).read(id)
        return query.ok ? answer({ data: query.value, text: describeQuery(query.value) }) : query
      }),
    )
}

function mineCommand(): Command {
  return withGlobals(new Command('mine'))
    .description('turn the commits of a local git repository into candidate queries; nothing of it is run')
    .argument('<repository>', 'its folder')
    .option('--limit <n>', 'candidates at most, the newest first', count, 20)
    .addHelpText('after', '\nExample:\n  limi queries mine ../my-service --limit 30')
    .action((repository: string, options: GlobalOptions & { limit: number }) =>
      execute(options, (context) =>
        asWriter(context, 'queries mine', async (run) => {
          const { mineRepository, queryStore } = await import('../stages/queries/index.js')
          const mined = await mineRepository({ repository, limit: options.limit, signal: run.signal })
          if (!mined.ok) return mined
          const store = queryStore(run.project.paths.queries)
          for (const query of mined.value.candidates) {
            const written = await store.write(query)
            if (!written.ok) return written
          }
          const { candidates, commits, rejected } = mined.value
          const rules = Object.entries(rejected).map(([rule, n]) => `  ${String(n).padStart(6)}  ${rule}`)
          const text = [
            `${plural(candidates.length, 'candidate')} of ${plural(commits, 'commit')}  → queries/`,
            'rejected by rule:',
            ...rules,
          ].join('\n')
          return answer({ data: mined.value, text, no: candidates.length === 0 })
        }),
      ),
    )
}
