import type { Message, TrajectoryEvent } from '../../../nouns/index.js'
import type { OpenTrajectory } from '../../../shared/agents/index.js'
import { textOf } from '../../../shared/models/index.js'
import type { OpenRollout } from './request.js'

/** Trajectories of which every event goes through their writer: those of the built-in loop. */
export const watchedRollouts =
  (open: OpenTrajectory): OpenRollout =>
  async (header, watch) => {
    const opened = await open(header)
    if (!opened.ok) return opened
    const writer = opened.value
    const append = async (event: TrajectoryEvent): Promise<void> => {
      await writer.append(event)
      watch(event)
    }
    return { ok: true, value: { append, close: () => writer.close() } }
  }

const ACTION_CHARACTERS = 200

/** What an event shows of a rollout at work, in a few words on one line; null where it shows nothing. */
export function actionOf(event: TrajectoryEvent): string | null {
  if (event.type === 'round') return `scored ${event.record.score} of ${event.record.max}`
  if (event.type !== 'message') return null
  const words = wordsOf(event.message).replace(/\s+/gu, ' ').trim()
  return words === '' ? null : words.slice(0, ACTION_CHARACTERS)
}

function wordsOf({ role, content, toolCalls = [] }: Message): string {
  if (role === 'system') return ''
  if (role === 'user') return 'asked'
  const [call] = toolCalls
  if (call !== undefined) return `${call.name} ${call.arguments}`
  const text = textOf(content)
  if (role === 'tool') return `← ${text}`
  const [, command] = /^[ \t]*```[^\n]*\n([\s\S]*?)```/mu.exec(text) ?? []
  return command ?? text
}
