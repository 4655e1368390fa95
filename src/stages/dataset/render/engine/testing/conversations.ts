import fc from 'fast-check'
import type { RawMessage } from './oracle.js'

/** Texts that have gone wrong somewhere. */
const PIECES = [
  ...[
    '',
    ' ',
    '\n',
    '\r\n',
    '\t',
    'plain text',
    '😀',
    '👩‍👩‍👧',
    'é',
    'e\u0301',
    '\u2028',
    '\u0085',
    '\u001c',
    '\ufeff',
    '\u00a0',
    '<b>&\'"',
    '\\',
    '\u007f',
  ],
  ...[
    '<think>\nhm\n</think>\n\nyes',
    '</think>',
    '<think>',
    '<tool_call>',
    '{"a": 1.0}',
    '```sh\nls\n```',
    '{{ x }}',
    '{% generation %}',
    '[INST]',
    '[1, 2]',
  ],
  ...[
    '<|im_start|>',
    '<|im_end|>',
    '<|eot_id|>',
    '<|start|>assistant',
    '<｜end▁of▁sentence｜>',
    '</s>',
    '<|assistant|>',
    '/nothink',
    '<|channel|>final',
  ],
] as const

/** Of several scripts and planes, none newer than Unicode 14: the engine refuses to guess which Python knows those. */
const CHARACTERS = [
  'ж',
  'ß',
  'İ',
  '中',
  '한',
  'ⅷ',
  '\u0301',
  '\ufe0f',
  '\u202e',
  '\ue000',
  '\uffff',
  '𝒜',
  '𐍈',
  '🏳️‍🌈',
  '\u{e0001}',
] as const

const piece = fc.oneof(
  fc.constantFrom(...PIECES),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 4 }),
)
export const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join('').toWellFormed())

const NUMBERS = [
  ...[
    '0',
    '1',
    '-7',
    '1.0',
    '-0',
    '-0.0',
    '0.10',
    '1e3',
    '1E-7',
    '0.0001',
    '0.00001',
    '123456789.125',
    '1e16',
    '1e22',
    '9007199254740993',
  ],
  ...['123456789012345678901234567890', '5e-324', '1.7976931348623157e308', '1e400', 'NaN', 'Infinity', '-Infinity'],
] as const
const KEYS = [
  'a',
  'b',
  '1',
  '0',
  '10',
  '__proto__',
  'constructor',
  'é',
  'items',
  'get',
  'name',
  'x y',
  "it's",
  'a"b',
  '',
] as const

/** Half of a surrogate pair is refused as such, and tried elsewhere. */
const asJson = (value: string): string => JSON.stringify(value.toWellFormed())

/** The text of any JSON that Python reads, with what JavaScript would print otherwise, spaces and keys that stand twice. */
const { json } = fc.letrec<{ json: string; leaf: string }>((tie) => ({
  leaf: fc.oneof(fc.constantFrom(...NUMBERS), text.map(asJson), fc.constantFrom('true', 'false', 'null')),
  json: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('json'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    object(tie('json')),
  ),
}))

function object(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const key = fc.oneof(fc.constantFrom(...KEYS), text)
  return fc
    .array(fc.tuple(key, value), { maxLength: 4 })
    .map((pairs) => `{${pairs.map(([name, item]) => `${asJson(name)}: ${item}`).join(', ')}}`)
}

const argumentsText = fc.oneof(
  { weight: 6, arbitrary: object(json) },
  { weight: 1, arbitrary: json },
  { weight: 1, arbitrary: text },
)

const call = fc.record({
  id: fc.constantFrom('call_1', 'abcdefghi', '123456789'),
  type: fc.constant('function' as const),
  function: fc.record({ name: fc.constantFrom('ls', 'read_file', 'é x'), arguments: argumentsText }),
})

const content = fc.oneof({ weight: 12, arbitrary: text }, { weight: 1, arbitrary: fc.constant(null) })
const plain = (role: string): fc.Arbitrary<RawMessage> => fc.record({ role: fc.constant(role), content: text })
const assistant: fc.Arbitrary<RawMessage> = fc.record(
  {
    role: fc.constant('assistant'),
    content,
    reasoning_content: text,
    tool_calls: fc.array(call, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['role', 'content'] },
)
const result: fc.Arbitrary<RawMessage> = fc.record({
  role: fc.constant('tool'),
  content: text,
  tool_call_id: fc.constantFrom('call_1', 'abcdefghi', '123456789'),
})

const exchange = fc
  .tuple(plain('user'), assistant, fc.array(result, { maxLength: 2 }))
  .map(([asked, said, results]) => {
    const { tool_calls: calls = [] } = said
    const tied = calls.map(({ id }, index): RawMessage => ({
      role: 'tool',
      content: results[index]?.content ?? '',
      tool_call_id: id,
    }))
    return tied.length === 0 ? [asked, said] : [asked, said, ...tied, { role: 'assistant', content: 'done' }]
  })
const orderly = fc
  .tuple(fc.option(plain('system'), { nil: null }), fc.array(exchange, { minLength: 1, maxLength: 3 }))
  .map(([system, exchanges]) => [...(system === null ? [] : [system]), ...exchanges.flat()])
const disorderly = fc.array(fc.oneof(plain('system'), plain('user'), assistant, result, plain('developer')), {
  maxLength: 6,
})

const SCHEMAS: readonly unknown[] = [
  { type: 'object', properties: {} },
  {
    type: 'object',
    properties: {
      path: { type: 'string', description: "where it's <b>" },
      n: { type: 'integer', default: 3, minimum: 1e-7, maximum: 0.5 },
    },
    required: ['path'],
  },
  {
    type: 'object',
    properties: {
      kind: { enum: ['a', null, true, 1.5, 'é😀'] },
      any: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'number' } }] },
      u: { type: ['string', 'null'], default: null },
    },
  },
  {
    type: 'object',
    properties: {
      items: { type: 'object', properties: { get: { type: 'boolean', default: false } }, additionalProperties: false },
      l: { type: 'array', items: { type: 'object' }, default: [] },
    },
    $defs: { a: {} },
  },
]
const tool = fc.record({
  type: fc.constant('function' as const),
  function: fc.record(
    { name: fc.constantFrom('ls', 'read_file'), description: text, parameters: fc.constantFrom(...SCHEMAS) },
    { requiredKeys: ['name'] },
  ),
})

/** Some templates take turns of user and assistant only, or calls without a content. */
const simple = fc
  .array(fc.tuple(plain('user'), plain('assistant')), { minLength: 1, maxLength: 3 })
  .map((turns) => turns.flat())
const single = fc.tuple(text, call, fc.option(text, { nil: undefined })).map(([said, one, reasoning]): RawMessage[] => [
  { role: 'user', content: said },
  {
    role: 'assistant',
    content: '',
    tool_calls: [one],
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
  },
  { role: 'tool', content: said, tool_call_id: one.id },
])

export const conversation = fc.record({
  messages: fc.oneof(
    { weight: 3, arbitrary: orderly },
    { weight: 1, arbitrary: disorderly },
    { weight: 2, arbitrary: simple },
    { weight: 1, arbitrary: single },
  ),
  tools: fc.option(fc.array(tool, { minLength: 1, maxLength: 2 }), { nil: null }),
  prompt: fc.boolean(),
})
