import type { BuiltInConfig, Cause, Failure, Message, Usage } from '../../../nouns/index.js'
import { addUsage, NO_USAGE, textOf, type ModelParams } from '../../models/index.js'
import type { AgentContext, AgentSession, TurnEnd } from '../agent.js'
import type { Action, ActionFormat, Observation } from './actions.js'
import { ask } from './ask.js'
import { startClock, type Clock } from './clock.js'
import { openConversation, type Conversation } from './conversation.js'
import { fencedActions } from './fenced/index.js'
import { toolActions } from './tools/index.js'

const FORMATS: Readonly<Record<BuiltInConfig['actions'], ActionFormat>> = { tools: toolActions, fenced: fencedActions }

export async function openSession(
  config: BuiltInConfig,
  context: AgentContext,
  backoffMs: readonly number[],
): Promise<AgentSession> {
  const format = FORMATS[config.actions]
  const conversation = await openConversation(context.sink, format.tools)
  const systemPrompt = config.systemPrompt ?? format.systemPrompt
  if (systemPrompt !== '') await conversation.add({ role: 'system', origin: 'agent', content: systemPrompt })
  const session = { config, context, format, conversation, backoffMs }
  return {
    async send(text, round) {
      const clock = startClock(config.maxSeconds, context.signal)
      try {
        await conversation.add({ role: 'user', origin: round === 1 ? 'human' : 'simulated', round, content: text })
        return await work(session, round, clock)
      } finally {
        clock.release()
      }
    },
    close: async () => undefined,
  }
}

interface Session {
  readonly config: BuiltInConfig
  readonly context: AgentContext
  readonly format: ActionFormat
  readonly conversation: Conversation
  readonly backoffMs: readonly number[]
}

async function work(session: Session, round: number, clock: Clock): Promise<TurnEnd> {
  const { config, format, conversation } = session
  let usage: Usage = NO_USAGE
  for (let turn = 1; turn <= config.maxTurns; turn += 1) {
    const asked = await askModel(session, round, clock)
    usage = addUsage(usage, asked.usage)
    if (!asked.ok) return endOfFailure(clock, asked.failure, usage)

    const reply = await conversation.add(asked.reply)
    const actions = format.actionsOf(reply)
    if (actions.length === 0) return endOfAnswer(reply, asked.stop === 'length', usage)

    for (const action of actions) {
      const observation = await carryOut(session, action, clock)
      await conversation.add({ ...observation, origin: 'tool', round })
    }
    const ended = clock.ended() ?? spent(config, usage)
    if (ended !== null) return end(ended, usage)
  }
  return end('turn-limit', usage)
}

function spent({ maxTotalTokens = Infinity }: BuiltInConfig, { inputTokens, outputTokens }: Usage): 'budget' | null {
  return inputTokens + outputTokens >= maxTotalTokens ? 'budget' : null
}

function askModel({ config, context, format, conversation, backoffMs }: Session, round: number, clock: Clock) {
  const params: ModelParams = { maxTokens: config.maxTokens, temperature: config.temperature }
  const request = { messages: [...conversation.messages], tools: format.tools, params }
  return ask(conversation, { model: context.model, request, round, signal: clock.signal, backoffMs })
}

async function carryOut({ format, context }: Session, action: Action, clock: Clock): Promise<Observation> {
  if (action.kind === 'refuse') return format.refuse(action, action.why)
  const ended = clock.ended()
  if (ended !== null) return format.refuse(action, ended === 'aborted' ? 'not run: stopped' : 'not run: out of time')
  const result = await context.sandbox.exec(action.command, { signal: clock.signal })
  return format.observe(action, result)
}

function endOfAnswer(reply: Message, cut: boolean, usage: Usage): TurnEnd {
  const answer = textOf(reply.content)
  // To say nothing at all is no answer.
  const cause = !cut && answer.trim() === '' ? 'agent' : null
  return { answer, stop: cut ? 'token-limit' : 'answered', cause, usage }
}

function endOfFailure(clock: Clock, failure: Failure, usage: Usage): TurnEnd {
  const ended = clock.ended()
  if (ended !== null) return end(ended, usage)
  // A conversation that outgrew the model is the agent's doing, and repeating it would not help.
  if (failure.code === 'model.context-exceeded') return { ...end('token-limit', usage), cause: 'agent', failure }
  return { ...end('failed', usage), failure }
}

const CAUSES: Readonly<Record<TurnEnd['stop'], Cause>> = {
  answered: null,
  'turn-limit': 'agent',
  'token-limit': null,
  'time-limit': 'timeout',
  budget: 'budget',
  aborted: null,
  failed: 'infrastructure',
}

const end = (stop: TurnEnd['stop'], usage: Usage): TurnEnd => ({ answer: '', stop, cause: CAUSES[stop], usage })
