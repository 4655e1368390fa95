import { done, type Call, type Message, type Result, type ToolSpec } from '../../../../nouns/index.js'
import { digestOfValue } from '../../../../shared/project/index.js'
import { anthropicTool, anthropicUsage, stopReason } from '../../../../shared/wire/index.js'
import { validate } from '../document.js'
import type { ReadTrajectory } from '../importer.js'
import { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { fieldsOf } from '../values.js'
import { assistantPiece, systemPiece, userPieces, type Piece } from './blocks.js'
import { Request, Response, type RawMessage } from './record.js'

/** One request, one response, or both: a trajectory. */
export function exchangeFrom(value: unknown, index: number, where: string): Result<ReadTrajectory> {
  const fields = fieldsOf(value)
  const isPair = fields['request'] !== undefined && fields['messages'] === undefined
  const isResponse = !isPair && fields['type'] === 'message' && fields['messages'] === undefined
  const request = isResponse ? done(null) : validate(isPair ? fields['request'] : value, Request, where)
  if (!request.ok) return request
  const given = isResponse ? value : isPair ? fields['response'] : undefined
  const response = given === undefined || given === null ? done(null) : validate(given, Response, where)
  if (!response.ok) return response
  return done(draftFrom(request.value, response.value, isPair ? omit(fields, 'request', 'response') : {}, index))
}

function draftFrom(
  request: Request | null,
  response: Response | null,
  beside: Record<string, unknown>,
  index: number,
): ReadTrajectory {
  const oddities = new Oddities()
  const model = response?.model ?? request?.model ?? 'unknown'
  const tools = (request?.tools ?? []).map(anthropicTool)
  const digest = tools.length === 0 ? undefined : digestOfValue(tools)
  const params = request === null ? {} : omit(request, 'messages', 'system', 'tools')
  const said = request === null ? [] : historyFrom(request, digest, oddities)
  const history = response === null ? said : withPrefill(said, oddities)
  const answer = response === null ? [] : [answerFrom(response, model, paramsOf(params), digest, oddities)]
  const messages = [...history, ...answer].map((message, at): Message => ({ ...message, id: `m${at}` }))
  const extra = { ...beside, ...(Object.keys(params).length === 0 ? {} : { request: params }) }
  const usage = anthropicUsage(response?.usage)
  return {
    index,
    oddities,
    draft: {
      source: { agent: 'unknown', model },
      threads: [{ id: 'main', messages }],
      asides: [],
      tools: toolsBy(digest, tools),
      rounds: [],
      outcome: { status: 'unknown', by: 'source' },
      tags: {},
      ...(usage === null ? {} : { usage }),
      ...(Object.keys(extra).length === 0 ? {} : { extra: { anthropic: extra } }),
    },
  }
}

type Draft = Omit<Message, 'id'> & Piece

function historyFrom(request: Request, tools: string | undefined, oddities: Oddities): Draft[] {
  const { system, messages, model } = request
  const first = system === null || system === undefined ? [] : [systemPiece(system)]
  const call = tools === undefined ? {} : { call: { model: model ?? 'unknown', params: {}, tools } }
  return [
    ...first,
    ...messages.flatMap((message, at) => {
      const pieces = piecesOf(message, model ?? 'unknown', oddities)
      const rest = omit(message, 'role', 'content')
      const from = { ...(pieces.length > 1 ? { from: at } : {}), ...(Object.keys(rest).length > 0 ? { rest } : {}) }
      return pieces.map((piece): Draft => {
        const said: Draft = Object.keys(from).length === 0 ? piece : withExtra(piece, from)
        return said.role === 'assistant' ? { ...said, ...call } : said
      })
    }),
  ]
}

/** A request that ends in an answer puts the beginning into the model's mouth: the caller wrote it, and the response goes on from it. */
function withPrefill(history: readonly Draft[], oddities: Oddities): readonly Draft[] {
  const last = history.at(-1)
  if (last?.role !== 'assistant') return history
  oddities.count('prefilled-answer')
  return [...history.slice(0, -1), { ...last, origin: 'agent', weight: 0 }]
}

function piecesOf(message: RawMessage, model: string, oddities: Oddities): Piece[] {
  if (message.role === 'assistant') return [assistantPiece(message.content, model, oddities)]
  const pieces = userPieces(message.content, oddities)
  return message.role === 'user' ? pieces : pieces.map((piece) => ({ ...piece, role: 'system', origin: 'agent' }))
}

function answerFrom(
  response: Response,
  model: string,
  params: Record<string, unknown>,
  tools: string | undefined,
  oddities: Oddities,
): Draft {
  const { content, stop_reason: stop, usage } = response
  const counted = anthropicUsage(usage)
  const call: Call = {
    model,
    params,
    ...(tools === undefined ? {} : { tools }),
    ...(counted === null ? {} : { usage: counted }),
    ...(typeof stop === 'string' ? { stop: stopReason(stop) } : {}),
    extra: { anthropic: omit(response, 'content', 'model') },
  }
  return { ...assistantPiece(content, model, oddities), call }
}

const withExtra = (piece: Piece, more: Record<string, unknown>): Piece => ({
  ...piece,
  extra: { ...piece.extra, anthropic: { ...(piece.extra?.['anthropic'] as object | undefined), ...more } },
})

const paramsOf = (fields: Record<string, unknown>): Record<string, unknown> => omit(fields, 'model')

const toolsBy = (digest: string | undefined, tools: ToolSpec[]): Record<string, ToolSpec[]> =>
  digest === undefined ? {} : { [digest]: tools }
