import { own, type Trajectory, type TrajectorySource } from '../../../nouns/index.js'
import { contentText, lastMainThread, messagesOf } from './text.js'

/** Looks at one trajectory by itself: null where it passes, else the particulars of why it does not. */
export type Finding = string | null

/** `incomplete`: the file ends before its `end` event. */
export function findIncomplete(trajectory: Trajectory): Finding {
  if (trajectory.cutAt !== undefined) return `the file cannot be read from line ${trajectory.cutAt} on`
  if (!trajectory.complete) return 'the file has no end event: it was cut, or is still being written'
  return null
}

/** `imported`: from elsewhere, so not a demonstration of this project's agent. */
export function findForeign(trajectory: Trajectory, sources: readonly TrajectorySource['kind'][]): Finding {
  const { kind, agent, importFormat } = trajectory.source
  return sources.includes(kind) ? null : `${kind} from ${importFormat ?? agent}`
}

/** `check-failed`: nothing says that it succeeded. */
export function findFailure({ outcome }: Trajectory): Finding {
  if (outcome.status === 'success') return null
  if (outcome.status === 'unknown') return 'nothing has scored it'
  const score = outcome.score === undefined ? '' : `, score ${outcome.score} of ${outcome.max ?? '?'}`
  return `failed by ${outcome.by}${score}${outcome.cause == null ? '' : `, cause ${outcome.cause}`}`
}

/** `unanswered-call`: a tool call that no tool message answers in its thread. */
export function findUnanswered(trajectory: Trajectory): Finding {
  for (const thread of trajectory.threads) {
    const answered = new Set(thread.messages.map((message) => message.toolCallId))
    for (const message of thread.messages) {
      const open = message.toolCalls?.find((call) => !answered.has(call.id))
      if (open !== undefined) return `call ${open.id} of ${open.name} in message ${message.id}`
    }
  }
  return null
}

/** The languages of a fence that agents without tools write a command in; none counts as one. */
const SHELLS = new Set(['', 'bash', 'sh', 'shell', 'console', 'zsh'])

/** Whether a text holds a fenced block of shell commands; every other fence line closes one. */
function holdsCommand(text: string): boolean {
  const fences = [...text.matchAll(/^[ \t]*```[ \t]*(\w*)/gmu)].map(([, language]) => language ?? '')
  return fences.some((language, at) => at % 2 === 0 && SHELLS.has(language.toLowerCase()))
}

/** `no-final-answer`: the interaction ends with anything but words of the assistant to the person. */
export function findNoAnswer(trajectory: Trajectory): Finding {
  const last = lastMainThread(trajectory)?.messages.at(-1)
  if (last === undefined) return 'it has no messages'
  if (last.role !== 'assistant') return `it ends with message ${last.id} of role ${last.role}`
  if ((last.toolCalls ?? []).length > 0) return `its last message ${last.id} calls a tool`
  const text = contentText(last).trim()
  if (text === '') return `its last message ${last.id} is empty`
  if (!hadTools(trajectory) && holdsCommand(text)) return `its last message ${last.id} is a command`
  return null
}

/** Whether the agent acted by tool calls; if so, a fenced block in its answer is only an illustration. */
function hadTools(trajectory: Trajectory): boolean {
  return messagesOf(trajectory).some(({ toolCalls, call }) => {
    const offered = call?.tools === undefined ? [] : (own(trajectory.tools, call.tools) ?? [])
    return offered.length > 0 || (toolCalls ?? []).length > 0
  })
}
