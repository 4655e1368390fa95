import fc from 'fast-check'
import { framed, interleaved, jsonOf, pieces } from '../cuts.js'

const texts = (name: string): fc.Arbitrary<readonly object[]> =>
  pieces.map((said) => said.map((one) => ({ [name]: one })))

const thoughts = fc.constantFrom('reasoning_content', 'reasoning', 'thinking').chain(texts)

const call = (index: number): fc.Arbitrary<readonly object[]> =>
  fc.record({ said: pieces, isCustom: fc.boolean(), isLate: fc.boolean() }).map(({ said, isCustom, isLate }) => {
    const [key, name] = isCustom ? ['custom', 'input'] : ['function', 'arguments']
    const id = { id: `call-${index}` }
    const begun = { index, ...(isLate ? {} : id), type: key, [key]: { name: 'ls', [name]: '' } }
    const rest = said.map((one, at) => ({ index, ...(isLate && at === 0 ? id : {}), [key]: { [name]: one } }))
    return [begun, ...rest].map((one) => ({ tool_calls: [one] }))
  })

/** Calls at once, each piece in its order. */
const calls = fc
  .record({
    lists: fc.tuple(call(0), call(1), call(2)),
    count: fc.nat(3),
    picks: fc.array(fc.nat(3), { minLength: 1, maxLength: 5 }),
  })
  .map(({ lists, count, picks }) => interleaved(lists.slice(0, count), picks))

const legacy = pieces.map((said) => [
  { function_call: { name: 'ls', arguments: '' } },
  ...said.map((one) => ({ function_call: { arguments: one } })),
])

export const chatStream: fc.Arbitrary<string> = framed(
  fc
    .record({
      said: fc.array(fc.oneof(texts('content'), thoughts, texts('refusal')), { maxLength: 4 }),
      called: fc.oneof(calls, calls, legacy),
      isTwo: fc.boolean(),
      end: fc.constantFrom('done', 'done', 'error', 'none'),
      gap: fc.constantFrom(0, 1),
    })
    .map(({ said, called, isTwo, end, gap }) => {
      const chunk = (choices: readonly object[], more: object = {}) => ({ id: 'c', model: 'm', choices, ...more })
      const deltas = [{ role: 'assistant', content: '' }, ...said.flat(), ...called]
      const other = isTwo ? [chunk([{ index: 1, delta: { content: 'other' } }])] : []
      const chunks = deltas.map((delta) => chunk([{ index: 0, delta, finish_reason: null }]))
      const last = {
        done: [
          chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
          chunk([], { usage: { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 } }),
        ],
        error: [{ error: { message: 'Oh.', code: 500 } }],
        none: [],
      }[end]
      return [...jsonOf([...chunks, ...other, ...last], gap), ...(end === 'done' ? ['[DONE]'] : [])]
    }),
)
