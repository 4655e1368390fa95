import type { Message, Thread, Trajectory } from '../../../nouns/index.js'
import { plural, visible } from '../../../shared/report/index.js'

const FOLDED_LINES = 12
const FOLDED_CHARACTERS = 1200

/** A trajectory as people read it on a terminal: who spoke, what was called, results folded. Content cannot steer the terminal. */
export function describeTrajectory(trajectory: Trajectory): string {
  const lines = [
    `${trajectory.id}  ${outcomeText(trajectory)}`,
    `  ${trajectory.source.kind}: agent ${trajectory.source.agent}, model ${trajectory.source.model}`,
    ...optional('query', trajectory.query?.id),
    ...optional('licence', trajectory.licence),
    ...optional('tags', tagsText(trajectory)),
    ...trajectory.threads.flatMap(threadLines),
    ...trajectory.asides.map((aside) => `  aside ${aside.id}: ${aside.why}`),
    ...trajectory.rounds.map(
      (round) => `  round ${round.round}: ${round.score} of ${round.max}${round.passed ? ', passed' : ''}`,
    ),
    ...(trajectory.complete
      ? []
      : [`  incomplete${trajectory.cutAt === undefined ? '' : `: cut at line ${trajectory.cutAt} of its file`}`]),
  ]
  // Each is one line: a line feed inside a name would let it pose as another message.
  return lines.map((line) => visible(line).replaceAll('\n', '␊')).join('\n')
}

/** One line of `limi trajectories list`. */
export interface TrajectoryRow {
  readonly id: string
  readonly source: string
  readonly agent: string
  readonly model: string
  readonly messages: number
  readonly toolCalls: number
  readonly threads: number
  readonly outcome: string
  /** Present where `limi collect --best` marked it as the attempt to keep. */
  readonly best?: true
}

export function rowOfTrajectory(trajectory: Trajectory): TrajectoryRow {
  const messages = trajectory.threads.flatMap((thread) => thread.messages)
  return {
    id: trajectory.id,
    source: trajectory.source.kind,
    agent: visible(agentOf(trajectory)),
    model: visible(trajectory.source.model),
    messages: messages.length,
    toolCalls: messages.reduce((sum, message) => sum + (message.toolCalls?.length ?? 0), 0),
    threads: trajectory.threads.length,
    outcome: trajectory.complete ? trajectory.outcome.status : 'incomplete',
    ...(trajectory.extra?.['best'] === true ? { best: true } : {}),
  }
}

/** By its name in limi.yaml, where it was sent out by that. */
function agentOf({ source, extra }: Trajectory): string {
  const name = extra?.['agent']
  return source.kind === 'built-in' && typeof name === 'string' ? name : source.agent
}

function outcomeText({ outcome }: Trajectory): string {
  const score =
    outcome.score === undefined ? '' : `, ${outcome.score}${outcome.max === undefined ? '' : ` of ${outcome.max}`}`
  const cause = outcome.cause === undefined || outcome.cause === null ? '' : `, cause: ${outcome.cause}`
  return `${outcome.status} (by ${outcome.by}${score}${cause})`
}

const optional = (name: string, value: string | undefined): string[] =>
  value === undefined || value === '' ? [] : [`  ${name}: ${value}`]

const tagsText = (trajectory: Trajectory): string =>
  Object.entries(trajectory.tags)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

function threadLines(thread: Thread): string[] {
  const from =
    thread.parent === undefined
      ? ''
      : ` (${thread.parent.relation} of ${thread.parent.thread}, ${thread.parent.message === undefined ? 'from its beginning' : `message ${thread.parent.message}`})`
  return [
    '',
    `thread ${thread.id}${from}: ${plural(thread.messages.length, 'message')}`,
    ...thread.messages.flatMap(messageLines),
  ]
}

function messageLines(message: Message): string[] {
  const round = message.round === undefined ? '' : `, round ${message.round}`
  const error = message.isError === true ? ', error' : ''
  const answers = message.toolCallId === undefined ? '' : ` → ${message.toolCallId}`
  const tokens = message.call?.usage === undefined ? '' : `, ${plural(message.call.usage.outputTokens, 'token')}`
  return [
    '',
    `[${message.id}] ${message.role} (${message.origin}${round}${error}${tokens})${answers}`,
    ...(message.reasoning?.text === undefined ? [] : fold(message.reasoning.text).map((line) => `  ~ ${line}`)),
    ...fold(textOf(message), message.role !== 'tool').map((line) => `  ${line}`),
    ...(message.toolCalls ?? []).flatMap((call) =>
      fold(`→ ${call.name} ${call.arguments}  (${call.id})`).map((line) => `  ${line}`),
    ),
  ]
}

function textOf(message: Message): string {
  if (typeof message.content === 'string') return message.content
  return message.content
    .map((part) => (part.type === 'text' && typeof part['text'] === 'string' ? part['text'] : `<${part.type}>`))
    .join('\n')
}

/** The whole text, or its beginning and how much more there is. */
function fold(text: string, whole = false): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  if (whole || (lines.length <= FOLDED_LINES && text.length <= FOLDED_CHARACTERS)) return lines
  const shown = lines.slice(0, FOLDED_LINES).join('\n').slice(0, FOLDED_CHARACTERS)
  return [...shown.split('\n'), `… ${plural(text.length - shown.length, 'more character')}`]
}
