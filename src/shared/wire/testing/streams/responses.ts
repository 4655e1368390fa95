import fc from 'fast-check'
import { framed, interleaved, jsonOf, pieces } from '../cuts.js'

interface Made {
  readonly events: readonly object[]
  readonly item: object
}

type Make = (output_index: number) => Made

const grown = (event: string, key: string, said: readonly string[], at: object): readonly object[] => [
  ...said.map((delta) => ({ type: `response.${event}.delta`, ...at, delta, obfuscation: 'x' })),
  { type: `response.${event}.done`, ...at, [key]: said.join('') },
]

const added = (output_index: number, item: object) => ({ type: 'response.output_item.added', output_index, item })
const ended = (output_index: number, item: object) => ({ type: 'response.output_item.done', output_index, item })

const message: fc.Arbitrary<Make> = fc
  .array(fc.record({ said: pieces, isRefusal: fc.boolean(), isCited: fc.boolean() }), { minLength: 1, maxLength: 3 })
  .map((parts) => (output_index) => {
    const begun = { type: 'message', id: `m${output_index}`, role: 'assistant' }
    const made = parts.map(({ said, isRefusal, isCited }, content_index) => {
      const at = { output_index, content_index }
      const text = said.join('')
      const annotation = { type: 'url_citation', url: 'u' }
      const part = isRefusal
        ? { type: 'refusal', refusal: text }
        : { type: 'output_text', text, annotations: isCited ? [annotation] : [] }
      const empty = isRefusal ? { ...part, refusal: '' } : { ...part, text: '', annotations: [] }
      const [event, key] = isRefusal ? ['refusal', 'refusal'] : ['output_text', 'text']
      const cited = { type: 'response.output_text.annotation.added', ...at, annotation_index: 0, annotation }
      const events = [
        { type: 'response.content_part.added', ...at, part: empty },
        ...grown(event, key, said, at),
        ...(isCited && !isRefusal ? [cited] : []),
        { type: 'response.content_part.done', ...at, part },
      ]
      return { part, events }
    })
    const item = { ...begun, status: 'completed', content: made.map(({ part }) => part) }
    const events = made.flatMap((one) => one.events)
    const start = added(output_index, { ...begun, status: 'in_progress', content: [] })
    return { item, events: [start, ...events, ended(output_index, item)] }
  })

const thought: fc.Arbitrary<Make> = fc
  .record({ parts: fc.array(pieces, { maxLength: 3 }), isFull: fc.boolean(), isSigned: fc.boolean() })
  .map(({ parts, isFull, isSigned }) => (output_index) => {
    const begun = { type: 'reasoning', id: `r${output_index}`, summary: [] }
    const [list, at, event, type] = isFull
      ? (['content', 'content_index', 'reasoning_text', 'reasoning_text'] as const)
      : (['summary', 'summary_index', 'reasoning_summary_text', 'summary_text'] as const)
    const told = parts.map((said) => ({ type, text: said.join('') }))
    const item = { ...begun, [list]: told, ...(isSigned ? { encrypted_content: 'gAAA' } : {}) }
    const events = parts.flatMap((said, index) => grown(event, 'text', said, { output_index, [at]: index }))
    return { item, events: [added(output_index, begun), ...events, ended(output_index, item)] }
  })

const CALLS = [
  ['function_call', 'function_call_arguments', 'arguments'],
  ['custom_tool_call', 'custom_tool_call_input', 'input'],
  ['mcp_call', 'mcp_call_arguments', 'arguments'],
  ['code_interpreter_call', 'code_interpreter_call_code', 'code'],
] as const

const call: fc.Arbitrary<Make> = fc
  .record({ kind: fc.constantFrom(...CALLS), said: pieces })
  .map(({ kind: [type, event, key], said }) => (output_index) => {
    const begun = { type, id: `f${output_index}`, call_id: `c${output_index}`, name: 'ls', status: 'in_progress' }
    const item = { ...begun, status: 'completed', [key]: said.join('') }
    const events = grown(event, key, said, { output_index })
    return { item, events: [added(output_index, { ...begun, [key]: '' }), ...events, ended(output_index, item)] }
  })

const patch: fc.Arbitrary<Make> = pieces.map((said) => (output_index) => {
  const operation = { type: 'update_file', path: 'a', diff: '' }
  const begun = { type: 'apply_patch_call', id: 'p', call_id: `c${output_index}`, operation }
  const item = { ...begun, operation: { ...operation, diff: said.join('') } }
  const events = grown('apply_patch_call_operation_diff', 'diff', said, { output_index })
  return { item, events: [added(output_index, begun), ...events, ended(output_index, item)] }
})

const shell: fc.Arbitrary<Make> = fc
  .record({ type: fc.constantFrom('shell_call', 'local_shell_call', 'web_search_call'), command: fc.string() })
  .map(({ type, command }) => (output_index) => {
    const begun = { type, id: `s${output_index}`, call_id: `c${output_index}`, status: 'in_progress' }
    const item = { ...begun, status: 'completed', action: { type: 'exec', command: [command] } }
    return { item, events: [added(output_index, begun), ended(output_index, item)] }
  })

const end = fc.constantFrom('completed', 'incomplete', 'failed', 'none')

/** Calls that follow each other come at once, each piece in its order. */
export const responsesStream: fc.Arbitrary<string> = framed(
  fc
    .record({
      items: fc.array(fc.oneof(message, thought, call, call, patch, shell), { maxLength: 5 }),
      isParallel: fc.boolean(),
      picks: fc.array(fc.nat(3), { minLength: 1, maxLength: 5 }),
      end,
      told: fc.boolean(),
    })
    .map(({ items, isParallel, picks, end: how, told }) => {
      const made = items.map((make, at) => make(at))
      const isCall = ({ item }: Made): boolean => !['message', 'reasoning'].includes((item as { type: string }).type)
      const lists = made.map(({ events }) => events)
      const first = made.findIndex(isCall)
      const events =
        isParallel && first !== -1 && made.slice(first).every(isCall)
          ? [...lists.slice(0, first).flat(), ...interleaved(lists.slice(first), picks)]
          : lists.flat()
      const head = { id: 'r', model: 'm', status: 'in_progress', output: [] }
      const usage = { input_tokens: 3, output_tokens: 2 }
      const output = told ? made.map(({ item }) => item) : []
      const error = how === 'failed' ? { error: { code: 'server_error', message: 'Oh.' } } : {}
      const last = { type: `response.${how}`, response: { ...head, status: how, output, usage, ...error } }
      return jsonOf([{ type: 'response.created', response: head }, ...events, ...(how === 'none' ? [] : [last])], 0)
    }),
)
