import type { Part } from '../../../nouns/index.js'
import { isFields } from '../../json/index.js'
import type { WireMessage, WireResponse } from '../dialect.js'

/** Where what came before a cut is no beginning of what the whole says; null where it is one. */
export function strayIn(cut: WireResponse, whole: WireResponse): string | null {
  if (cut.complete) return differs(JSON.stringify(cut) !== JSON.stringify(whole), 'complete')
  for (const name of ['model', 'id', 'stop', 'error'] as const)
    if (cut[name] !== undefined && cut[name] !== whole[name]) return name
  for (const [name, count] of Object.entries(cut.usage ?? {}))
    if (count > ((whole.usage as Record<string, number> | undefined)?.[name] ?? -1)) return name
  return cut.message === undefined ? null : strayInMessage(cut.message, whole.message)
}

const differs = (isOther: boolean, name: string): string | null => (isOther ? name : null)

function strayInMessage(cut: WireMessage, whole: WireMessage | undefined): string | null {
  if (whole === undefined) return 'message'
  if (!begins(partsOf(cut), partsOf(whole))) return 'content'
  const [short, long] = [cut.reasoning, whole.reasoning]
  if (short !== undefined && long === undefined) return 'reasoning'
  if (!(long?.text ?? '').startsWith(short?.text ?? '')) return 'reasoning.text'
  if (short?.text !== undefined && short.kind !== long?.kind) return 'reasoning.kind'
  const lines = (cut.toolCalls ?? []).map((call, at) => {
    const same = whole.toolCalls?.[at]
    const isNamed = MADE.test(call.id) || call.id === same?.id
    const isSame = isNamed && call.name === same?.name && call.form === same.form
    return isSame && same.arguments.startsWith(call.arguments) ? null : `toolCalls.${at}`
  })
  return lines.find((line) => line !== null) ?? null
}

/** Ids that a reader makes of what a call says. */
const MADE = /^call(?:\d+$|_[0-9a-f]{16})/

const partsOf = ({ content }: WireMessage): readonly Part[] =>
  typeof content === 'string' ? (content === '' ? [] : [{ type: 'text', text: content }]) : content

/** Whether a value may become another by what is said after it. What is said of a part's state passes. */
function begins(short: unknown, long: unknown): boolean {
  if (short === null || short === undefined) return true
  if (typeof short === 'string') return (typeof long === 'string' ? long : JSON.stringify(long)).startsWith(short)
  if (Array.isArray(short))
    return Array.isArray(long) && short.length <= long.length && short.every((one, at) => begins(one, long[at]))
  if (!isFields(short)) return short === long
  return isFields(long) && Object.entries(short).every(([key, one]) => key === 'status' || begins(one, long[key]))
}
