import { own, type Message, type Trajectory } from '../../../nouns/index.js'
import { plural } from '../../../shared/report/index.js'
import { mainLineOf } from '../threads/index.js'

/** `partly`: some of it is there; the detail says how much. */
export type Standing = 'present' | 'partly' | 'missing'

export interface Finding {
  readonly standing: Standing
  readonly detail: string
}

/** What a complete demonstration has, by the name under which `check --require` asks for it. */
export const REQUIREMENTS = {
  whole: ({ complete, cutAt }) =>
    complete
      ? present('its file ends with its end')
      : missing(cutAt === undefined ? 'its file has no end' : `its file is cut at line ${cutAt}`),
  'system-prompt': (trajectory) => {
    const systems = mainLine(trajectory).filter(({ role }) => role === 'system')
    return systems.length > 0 ? present(`${characters(systems)} characters`) : missing('no system message')
  },
  tools: (trajectory) => {
    const said = emitted(trajectory)
    const offered = said.filter(({ call }) => (own(trajectory.tools, call?.tools ?? '') ?? []).length > 0)
    const lists = Object.keys(trajectory.tools).length
    return share(offered.length, said.length, `model messages know their tools, in ${plural(lists, 'list')}`)
  },
  reasoning: (trajectory) => {
    const said = emitted(trajectory)
    const full = said.filter(({ reasoning }) => reasoning?.kind === 'full')
    const less = said.filter(({ reasoning }) => reasoning !== undefined && reasoning.kind !== 'full').length
    const note = less === 0 ? '' : `; ${less} a summary or hidden`
    return share(full.length, said.length, `model messages have it in full${note}`, less)
  },
  'calls-answered': (trajectory) => {
    const perThread = trajectory.threads.map(({ messages }) => answeredIn(messages))
    const calls = perThread.reduce((sum, one) => sum + one.calls, 0)
    const answered = perThread.reduce((sum, one) => sum + one.answered, 0)
    return calls === 0 ? present('no calls') : share(answered, calls, 'calls have a result')
  },
  'final-answer': (trajectory) => {
    const last = mainLine(trajectory).at(-1)
    if (last === undefined) return missing('no messages')
    if (last.role !== 'assistant') return missing(`it ends with a message of role ${last.role}`)
    if ((last.toolCalls ?? []).length > 0) return missing('it ends with a call')
    return textLength(last) > 0 ? present(`${textLength(last)} characters`) : missing('its last message is empty')
  },
  outcome: ({ outcome: { status, score, max, by } }) => {
    if (status === 'unknown') return missing('nobody judged it')
    const points = score === undefined ? '' : `, ${score}${max === undefined ? '' : ` of ${max}`}`
    return present(`${status}${points}, by ${by}`)
  },
  environment: ({ workspace, query }) => {
    const known = Object.keys(workspace ?? {})
    if (known.length > 0) return present(known.join(', '))
    return query === undefined ? missing('neither a workspace nor a query') : present(`of query ${query.id}`)
  },
  licence: ({ licence }) => (licence === undefined ? missing('not named') : present(licence)),
} as const satisfies Readonly<Record<string, (trajectory: Trajectory) => Finding>>

export type Requirement = keyof typeof REQUIREMENTS

const present = (detail: string): Finding => ({ standing: 'present', detail })
const missing = (detail: string): Finding => ({ standing: 'missing', detail })

function share(has: number, of: number, what: string, less = 0): Finding {
  const detail = `${has} of ${of} ${what}`
  if (of > 0 && has === of) return present(detail)
  return { standing: has + less > 0 ? 'partly' : 'missing', detail }
}

const mainLine = ({ threads }: Trajectory): readonly Message[] =>
  mainLineOf(threads).flatMap(({ messages }) => messages)

const emitted = ({ threads }: Trajectory): readonly Message[] =>
  threads.flatMap(({ messages }) => messages.filter(({ origin }) => origin === 'model'))

function answeredIn(messages: readonly Message[]): { readonly calls: number; readonly answered: number } {
  const own = messages.filter(({ origin }) => origin !== 'rebuilt')
  const results = new Set(own.flatMap(({ toolCallId }) => toolCallId ?? []))
  const calls = own.filter(({ role }) => role === 'assistant').flatMap(({ toolCalls }) => toolCalls ?? [])
  return { calls: calls.length, answered: calls.filter(({ id }) => results.has(id)).length }
}

const characters = (messages: readonly Message[]): number =>
  messages.reduce((sum, message) => sum + textLength(message), 0)

function textLength({ content }: Message): number {
  if (typeof content === 'string') return content.trim().length
  return content.reduce((sum, part) => sum + (typeof part['text'] === 'string' ? part['text'].trim().length : 1), 0)
}
