import fc from 'fast-check'
import { framed, jsonOf, pieces } from '../cuts.js'

type Parts = readonly object[]

const words: fc.Arbitrary<Parts> = pieces.map((said) => said.map((text) => ({ text })))
const thoughts: fc.Arbitrary<Parts> = fc
  .tuple(pieces, fc.boolean())
  .map(([said, isSigned]) => [
    ...said.map((text) => ({ text, thought: true })),
    ...(isSigned ? [{ text: '', thought: true, thoughtSignature: 'sig' }] : []),
  ])
const calls: fc.Arbitrary<Parts> = fc
  .array(fc.record({ id: fc.option(fc.constant('own')), value: fc.string({ maxLength: 5 }) }), { maxLength: 2 })
  .map((made) =>
    made.map(({ id, value }) => ({ functionCall: { ...(id === null ? {} : { id }), name: 'ls', args: { value } } })),
  )
const others: fc.Arbitrary<Parts> = fc.constantFrom(
  [{ executableCode: { language: 'PYTHON', code: '1' } }, { codeExecutionResult: { output: '1' } }],
  [{ inlineData: { mimeType: 'image/png', data: 'aaaa' } }],
  [{ text: '', thoughtSignature: 'sig' }],
)

/** Arguments in pieces, as `streamFunctionCallArguments` asks for. */
const partial: fc.Arbitrary<Parts> = fc.tuple(pieces, pieces, fc.nat(99)).map(([one, other, number]) => {
  const going = (path: string, said: readonly string[]) =>
    said.map((stringValue, at) => ({ jsonPath: path, stringValue, willContinue: at < said.length - 1 }))
  const pieced = [
    ...going('$.in.one', one),
    ...going('$.in.list[0]', other),
    { jsonPath: '$.count', numberValue: number },
  ]
  return [
    { functionCall: { id: 'own', name: 'ls', willContinue: true } },
    ...pieced.map((piece) => ({ functionCall: { name: '', partialArgs: [piece], willContinue: true } })),
    { functionCall: { name: '' } },
  ]
})

const documents = fc
  .record({
    said: fc.array(fc.oneof(words, thoughts, calls, partial, others), { maxLength: 5 }),
    end: fc.constantFrom('STOP', 'MAX_TOKENS', 'none'),
    gap: fc.constantFrom(0, 1),
    isWrapped: fc.boolean(),
  })
  .map(({ said, end, gap, isWrapped }) => {
    const document = (parts: Parts, more: object, output: number) => ({
      candidates: [{ content: { role: 'model', parts }, index: 0, ...more }],
      usageMetadata: { promptTokenCount: 3, candidatesTokenCount: output, totalTokenCount: 3 + output },
      ...{ modelVersion: 'gemini-x', responseId: 'r' },
    })
    const all = said.flat()
    const chunks = all.map((part, at) => document([part], {}, at))
    const last = end === 'none' ? [] : [document([{ text: '' }], { finishReason: end }, all.length)]
    return jsonOf(
      [...chunks, ...last].map((one) => (isWrapped ? { response: one } : one)),
      gap,
    )
  })

export const geminiStream: fc.Arbitrary<string> = fc.oneof(
  framed(documents),
  documents.map((texts) => `[${texts.join(',\r\n')}]`),
)
