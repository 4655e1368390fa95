/**
 * What the API sent, retold with other words: the order, the fields and their kinds are those of the answers that vercel/ai
 * (packages/google/src/__fixtures__) and google-gemini/gemini-cli (integration-tests/*.responses, packages/core/src/code_assist) keep.
 */
const usage = (prompt: number, candidates: number | undefined, thoughts: number, total: number) => ({
  usageMetadata: {
    promptTokenCount: prompt,
    ...(candidates === undefined ? {} : { candidatesTokenCount: candidates }),
    ...{ totalTokenCount: total, promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }] },
    ...(thoughts === 0 ? {} : { thoughtsTokenCount: thoughts }),
  },
})
const chunk = (parts: readonly object[], more: object, beside: object) => ({
  candidates: [{ content: { parts, role: 'model' }, ...more, index: 0 }],
  ...beside,
})
const named = { modelVersion: 'gemini-3-pro-preview', responseId: 'r-1' }
const END = { finishReason: 'STOP' }
const partial = (call: object, more: object = {}) => chunk([{ functionCall: call }], more, named)

export const RECORDED = {
  thoughts: [
    chunk([{ text: '**Looking**\n\nI look ', thought: true }], {}, usage(13114, undefined, 0, 13114)),
    chunk([{ text: 'around.\n\n\n', thought: true }], {}, usage(13114, undefined, 0, 13114)),
    chunk([{ text: 'I am ' }], {}, usage(13114, 4, 17, 13135)),
    chunk([{ text: 'ready.' }], {}, { ...usage(13114, 9, 17, 13140), ...named }),
    chunk([{ text: '', thoughtSignature: 'EogB' }], END, { ...usage(13114, 9, 17, 13140), ...named }),
  ],
  call: [
    chunk(
      [{ functionCall: { name: 'weather', args: { location: 'Rome' } }, thoughtSignature: 'EpEg' }],
      {},
      { ...usage(29, 15, 804, 848), ...named },
    ),
    chunk([{ text: '' }], END, { ...usage(29, 15, 804, 848), ...named }),
  ],
  pieces: [
    partial({ name: 'cook', willContinue: true }),
    partial({
      partialArgs: [{ jsonPath: '$.list[0].name', stringValue: 'Past', willContinue: true }],
      willContinue: true,
    }),
    partial({ partialArgs: [{ jsonPath: '$.list[0].name', stringValue: 'a' }], willContinue: true }),
    partial({
      partialArgs: [
        { jsonPath: '$.list[1].name', stringValue: 'Salt' },
        { jsonPath: '$.n', numberValue: 2 },
      ],
      willContinue: true,
    }),
    partial({}),
    partial({ name: 'eat', args: {} }, END),
  ],
  blocked: [{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, ...usage(9, undefined, 0, 9), ...named }],
  malformed: [
    { candidates: [{ content: {}, finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: 'print(f())' }], ...named },
  ],
} as const

export const streamOf = (chunks: readonly object[]): string =>
  chunks.map((one) => `data: ${JSON.stringify(one)}\r\n\r\n`).join('')

/** Without `alt=sse` a stream is a list. */
export const listOf = (chunks: readonly object[]): string =>
  `[${chunks.map((one) => JSON.stringify(one, null, 2)).join('\n,\r\n')}\n]\n`

export const wrappedOf = (chunks: readonly object[]): readonly object[] =>
  chunks.map((response) => ({ response, traceId: 't-1' }))
