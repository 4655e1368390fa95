import { stringify } from 'yaml'
import type { Checkpoint, DatasetManifest, LossPoint, Trajectory } from '../../nouns/index.js'
import type { PackageFacts } from '../../shared/models/index.js'
import { plural, visible } from '../../shared/report/index.js'

/** Trajectories that came the same way and under the same terms. */
export interface CardSource {
  readonly kind: Trajectory['source']['kind']
  readonly agent: string
  readonly model: string
  readonly format: string | null
  /** Null where none is stated. */
  readonly licence: string | null
  readonly trajectories: readonly string[]
}

export interface CardParts {
  readonly checkpoint: Checkpoint
  readonly dataset: DatasetManifest
  readonly sources: readonly CardSource[]
  /** Ids of the dataset's trajectories that are not in the project any more. */
  readonly lost: readonly string[]
  /** As the base model's own card states it; null where there is none or it states none. */
  readonly baseLicence: string | null
  /** What the package says of itself that the base model came in; null where it came in none. */
  readonly basePackage: PackageFacts | null
}

const NOT_STATED = 'not stated'

/** Gathers trajectories by where they came from, in the order in which they are met. */
export function sourcesOfCard(
  trajectories: readonly Pick<Trajectory, 'id' | 'source' | 'licence'>[],
): readonly CardSource[] {
  const groups = new Map<string, CardSource>()
  for (const { id, source, licence = null } of trajectories) {
    const { kind, agent, model, importFormat: format = null } = source
    const key = JSON.stringify([kind, agent, model, format, licence])
    const before = groups.get(key)?.trajectories ?? []
    groups.set(key, { kind, agent, model, format, licence, trajectories: [...before, id] })
  }
  return [...groups.values()]
}

/** `README.md` of a model folder: metadata as the Hub reads it, then what the model was made of, for a person. */
export function renderCard(parts: CardParts): string {
  const { checkpoint, dataset } = parts
  const base = nameOfBase(checkpoint.base.name)
  const sections = [
    `# ${text(checkpoint.id)}`,
    `${text(base)}, fine-tuned with ${text(checkpoint.engine)} on ${plural(dataset.samples, 'demonstration')}, ${dataset.trainedTokens} of whose ${dataset.tokens} tokens train. Made by [limi](https://arxiv.org/abs/2509.17567), after *LIMI: Less is More for Agency*.`,
    '## Base model',
    `${text(base)}, digest \`${checkpoint.base.digest}\`. ${baseWords(parts)}`,
    '## Data',
    dataWords(dataset),
    sourceTable(parts.sources),
    ...lostWords(parts.lost),
    '## Training',
    trainingTable(checkpoint),
    lossWords(checkpoint),
    '## Machine and versions',
    table(
      ['', ''],
      Object.entries({ ...checkpoint.hardware, ...checkpoint.made.versions }).map(([name, value]) => [
        name,
        valueText(value),
      ]),
    ),
    '## What is not known',
    'Nothing here says what this model is good at: that is an evaluation, which this card does not hold.',
  ]
  return `---\n${stringify(metadata(parts))}---\n\n${sections.join('\n\n')}\n`
}

function baseWords({ baseLicence, basePackage }: CardParts): string {
  if (baseLicence !== null) return `The base model's card states the licence ${text(baseLicence)}.`
  if (basePackage === null) return `The base model's licence is ${NOT_STATED} in its folder.`
  const { name, version, licence } = basePackage
  return `It came in the package ${text(name)} ${text(version)}, which states ${licence === undefined ? 'no licence' : `the licence ${text(licence)}`}.`
}

/** Licences of packages (SPDX) that the Hub knows by the same name in small letters. */
const HUB_LICENCES = ['apache-2.0', 'mit', 'bsd-2-clause', 'bsd-3-clause', 'mpl-2.0', 'isc', 'cc-by-4.0', 'cc0-1.0']

function licenceForHub({ baseLicence, basePackage }: CardParts): string | null {
  const packaged = basePackage?.licence?.toLowerCase() ?? ''
  return baseLicence ?? (HUB_LICENCES.includes(packaged) ? packaged : null)
}

/** The Hub refuses a base that is none of its own, so a local one stands in the text alone. */
function metadata(parts: CardParts): Record<string, unknown> {
  const { checkpoint } = parts
  const licence = licenceForHub(parts)
  const { name } = checkpoint.base
  const repository = /^hub:([^@]+)/.exec(name)?.[1]
  return {
    ...(repository !== undefined && { base_model: repository, base_model_relation: 'finetune' }),
    library_name: 'transformers',
    ...(licence !== null && { license: licence }),
    pipeline_tag: 'text-generation',
    tags: ['limi', 'agent', 'sft', checkpoint.engine, checkpoint.recipe.method],
  }
}

/** A folder's path says where it lay on somebody's machine, which nobody else needs to know. */
const nameOfBase = (name: string): string =>
  name.startsWith('dir:') ? `The local folder ${name.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? ''}` : name

const dataWords = ({
  id,
  digest,
  samples,
  tokens,
  trainedTokens,
  maxTokens,
  excluded,
  proof,
}: DatasetManifest): string =>
  `Dataset ${text(id)}, digest \`${digest}\`: ${samples} samples, ${tokens} tokens, ${trainedTokens} train, the longest sample ${maxTokens}; proof ${proof}; ${excluded.length} trajectories left out. Every source, and its licence:`

function sourceTable(sources: readonly CardSource[]): string {
  const rows = sources.map(({ kind, agent, model, format, licence, trajectories }) => [
    format === null ? kind : `${kind} (${format})`,
    agent,
    model,
    licence ?? NOT_STATED,
    `${trajectories.length}`,
    trajectories.join(', '),
  ])
  return table(['how', 'agent', 'model', 'licence', 'trajectories', 'ids'], rows)
}

const lostWords = (lost: readonly string[]): readonly string[] =>
  lost.length === 0
    ? []
    : [
        `Source and licence are ${NOT_STATED} of these, which are not in the project any more: ${lost.map(text).join(', ')}.`,
      ]

function trainingTable(checkpoint: Checkpoint): string {
  const { recipe, steps, tokens, seconds, heldOut } = checkpoint
  const rows: (readonly [string, unknown])[] = Object.entries({
    ...recipe,
    'steps made': steps,
    'tokens seen': tokens,
    seconds: Math.round(seconds),
    'held-out dataset': heldOut?.id ?? 'none',
  })
  return table(
    ['', ''],
    rows.filter(([, value]) => value !== undefined).map(([name, value]) => [name, valueText(value)]),
  )
}

function lossWords({ loss, heldOutLoss = [] }: Checkpoint): string {
  const held =
    heldOutLoss.length === 0 ? 'No loss was measured on held-out data.' : `On held-out data: ${fromTo(heldOutLoss)}.`
  return loss.length === 0
    ? 'It was trained for no steps: these are the base weights.'
    : `Loss ${fromTo(loss)}. ${held}`
}

const fromTo = (points: readonly LossPoint[]): string =>
  `${points.at(0)?.loss.toFixed(4) ?? ''} → ${points.at(-1)?.loss.toFixed(4) ?? ''}`

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(text))].map((row) => `| ${row.join(' | ')} |`).join('\n')

/** Names come from imported files: none may be markup, a link, or the end of its line. */
const text = (given: string): string =>
  visible(given)
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_[\]|~!#]/g, '\\$&')

/** The licence that a model card states in its metadata; null where there is none. */
export function licenceInCard(card: string): string | null {
  const [, front = ''] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(card) ?? []
  const stated = /^license:[ \t]*["']?([A-Za-z0-9][A-Za-z0-9._-]*)["']?[ \t]*$/m.exec(front)?.[1]
  return stated ?? null
}
