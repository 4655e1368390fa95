import type { Failure } from '../../nouns/index.js'
import { plural, table } from '../../shared/report/index.js'
import { ODDITIES, type FileReport, type ImportReport } from '../../stages/trajectories/index.js'
import { harmless } from '../context.js'

/** More trajectories of one file than this are counted, not listed. */
const LISTED = 20
const REJECTED = 50

/** A line a file, its trajectories where they are few, and what was rejected. */
export function describeImport(report: ImportReport): string {
  return [
    ...report.files.map((file) => describeFile(file, report)),
    ...describeRejected(report.rejected),
    ...legend(report),
    ...(report.files.length > 1 ? [totals(report)] : []),
  ].join('\n')
}

function describeFile(file: FileReport, { imported }: ImportReport): string {
  if (file.imported === 0) return `${file.path}: nothing imported`
  const head = `${file.path}: ${file.format}, ${plural(file.records, 'record')}, ${trajectories(file.imported)}, ${plural(file.messages, 'message')}, ${plural(file.toolCalls, 'call')}`
  const rows = file.imported > LISTED ? [] : imported.filter((one) => one.source === file.path)
  return [
    head,
    ...list('odd', oddityList(file.oddities)),
    ...list(
      'missing',
      Object.entries(file.missing).map(([name, n]) => (n === file.imported ? name : `${name} (${n})`)),
    ),
    ...(rows.length === 0 ? [] : [table(rows.map(rowOf))]),
    ...(file.imported > LISTED ? [`  ${trajectories(file.imported)}; \`limi trajectories list\` names them`] : []),
  ].join('\n')
}

const rowOf = ({ id, placed, outcome, complete }: ImportReport['imported'][number]): string[] => [
  ...[`  ${id}`, placed, outcome],
  ...(complete ? [] : ['incomplete']),
]

/** What each kind of irregularity means, once. */
function legend({ files }: ImportReport): string[] {
  const kinds = [...new Set(files.flatMap(({ oddities }) => Object.keys(oddities)))].sort()
  if (kinds.length === 0) return []
  const meanings: Readonly<Record<string, string>> = ODDITIES
  return ['', 'What is odd, and kept as it is:', table(kinds.map((kind) => [`  ${kind}`, meanings[kind] ?? '']))]
}

const list = (name: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`  ${name}: ${items.join(', ')}`]

const oddityList = (counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts).map(([kind, n]) => `${kind} ${n}`)

function describeRejected(rejected: ImportReport['rejected']): string[] {
  const more = rejected.length - REJECTED
  return [
    ...rejected
      .slice(0, REJECTED)
      .map(({ path, error, remedy }) =>
        harmless(`rejected: ${path}: ${error}${remedy === undefined ? '' : `: ${remedy}`}`),
      ),
    ...(more > 0 ? [`… ${more} more rejected; --json names them all`] : []),
  ]
}

const totals = ({ files, imported, rejected }: ImportReport): string =>
  `${plural(files.length, 'file')}: ${trajectories(imported.length)} imported, ${rejected.length} rejected`

/** A line a reason: folders of real logs hold hundreds of other files. */
export function passedOverLines(all: ImportReport['passedOver']): string[] {
  return [...new Set(all.map((one) => one.why))].map((why) => {
    const paths = all.filter((one) => one.why === why).map((one) => one.path)
    const more = paths.length > 3 ? `, … (--json names all ${paths.length})` : ''
    return `passed over, ${why}: ${paths.slice(0, 3).join(', ')}${more}`
  })
}

export const nothingImported = ({ rejected }: ImportReport): Failure => ({
  kind: 'input',
  code: 'import.nothing',
  message: ['nothing was imported', ...describeRejected(rejected).map((line) => `  ${line}`)].join('\n'),
  remedy:
    'see what each line says; where a format is not recognised, name it with --format (`limi trajectories formats`)',
})

const trajectories = (n: number): string => plural(n, 'trajectory', 'trajectories')
