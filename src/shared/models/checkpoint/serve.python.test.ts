import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import {
  askPython,
  makeTinyModel,
  pythonTestsSkipped,
  testPython,
  type TestPython,
} from '../../python/testing/index.js'
import { openModel } from '../resolve.js'
import { serveModel } from '../../wire/index.js'
import { serveCheckpoint } from './serve.js'

let at: TestPython
let root: string

/** What plain generation, without the server and its batches, makes of the same conversations. */
const ORACLE = `
import json, sys, torch
from transformers import AutoModelForCausalLM, AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
texts = []
for word in sys.argv[2:]:
    ids = tokenizer.apply_chat_template([{"role": "user", "content": word}], add_generation_prompt=True, return_tensors="pt", return_dict=True)
    out = model.generate(**ids, max_new_tokens=12, do_sample=False)
    texts.append(tokenizer.decode(out[0][ids["input_ids"].shape[1]:], skip_special_tokens=True))
print(json.dumps(texts))
`

/** Which tokens a greedy and a sampled request get where two are equally good. */
const TIES = `
import json, runpy, sys, torch
from transformers.generation import TemperatureLogitsWarper
raw = runpy.run_path(sys.argv[1])
warp = raw["Temperatures"](TemperatureLogitsWarper(2.0))
scores = torch.tensor([[0.0, 9.0, 9.0, -9.0]] * 2, dtype=torch.bfloat16)
given = torch.tensor([raw["GREEDY_TEMPERATURE"], 0.5]).view(dtype=torch.int32)
drawn = [torch.multinomial(warp(scores, given).float().softmax(-1), 1).flatten().tolist() for _ in range(60)]
print(json.dumps(list(zip(*drawn))))
`

/** The prompts that templates make of a past call: one takes its arguments parsed, the other joins them to text. */
const PAST_CALLS = `
import json, runpy, sys
from transformers import AutoTokenizer
raw = runpy.run_path(sys.argv[1])
call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
body = {"messages": [{"role": "user", "content": "w1"}, {"role": "assistant", "content": None, "tool_calls": [call]}]}
parts = ["{{ c.function.arguments.a }}", "{{ 'json ' + c.function.arguments }}"]
prompts = []
for part in parts:
    tokenizer = AutoTokenizer.from_pretrained(sys.argv[2])
    tokenizer.chat_template = "{% for m in messages %}{% for c in m.tool_calls or [] %}" + part + "{% endfor %}{% endfor %}"
    prompts.append(tokenizer.decode(raw["RawChat"]._prompt(tokenizer, body)))
print(json.dumps(prompts))
`

interface Answer {
  readonly choices: readonly { readonly message: { readonly content: string }; readonly finish_reason: string }[]
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number }
  readonly limi_warnings?: readonly string[]
  readonly error?: { readonly code: string; readonly message: string; readonly param: string }
}

type Ask = (content: string, more?: object) => Promise<Answer>

/** The whole way of `limi serve`: our server before transformers' one. */
async function withServed(folder: string, work: (ask: Ask) => Promise<void>): Promise<void> {
  const openFolder = () => serveCheckpoint({ folder, ...at, logFile: path.join(root, 'serve.log') })
  const opened = unwrap(await openModel('dir:tiny', { config: {}, projectRoot: root, openFolder }))
  const served = unwrap(await serveModel(opened.model))
  const ask: Ask = async (content, more = {}) => {
    const body = { model: 'dir:tiny', messages: [{ role: 'user', content }], max_tokens: 12, temperature: 0, ...more }
    const response = await fetch(`${served.baseUrl}/chat/completions`, { method: 'POST', body: JSON.stringify(body) })
    return (await response.json()) as Answer
  }
  try {
    await work(ask)
  } finally {
    await served.close()
    await opened.close()
  }
}

const textOf = ({ choices }: Answer): string => choices[0]?.message.content ?? ''

describe.skipIf(pythonTestsSkipped)('transformers serve', () => {
  beforeAll(async () => {
    at = await testPython()
    root = await mkdtemp(path.join(os.tmpdir(), 'limi serve ü-'))
    await makeTinyModel(at, path.join(root, 'tiny model'))
  }, 600_000)
  afterAll(() => rm(root, { recursive: true, force: true }))

  test('many at once answer as plain greedy generation does one by one, each by its own parameters', async () => {
    const folder = path.join(root, 'tiny model')
    const words = ['w1', 'w2 w3', 'w4 w5 w6', 'w7', 'w8 w9', 'w10']
    const expected = (await askPython(at, ORACLE, folder, ...words)) as readonly string[]
    await withServed(folder, async (ask) => {
      // The first request sets nothing for those that follow.
      const sampled = Array.from({ length: 4 }, () => ask('w1', { temperature: 5 }))
      const answers = await Promise.all(words.map((word) => ask(word)))
      expect(answers.map(textOf)).toEqual(expected)
      expect(answers.map(({ usage }) => usage.prompt_tokens)).toEqual([6, 7, 8, 6, 7, 6])
      expect(new Set((await Promise.all(sampled)).map(textOf)).size).toBeGreaterThan(1)

      const short = await ask('w1', { max_tokens: 3 })
      expect([short.usage.completion_tokens, short.choices[0]?.finish_reason]).toEqual([3, 'length'])
      expect(expected[0]).toContain(textOf(short))
      const stop = textOf(short).slice(2, 6)
      const stopped = await ask('w1', { stop: [stop, 'never'] })
      expect(textOf(stopped)).toBe(expected[0]?.slice(0, expected[0].indexOf(stop)))
      expect(stopped.choices[0]?.finish_reason).toBe('stop')

      const image = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }]
      expect((await ask(image as never)).error).toMatchObject({
        ...{ type: 'invalid_request_error', param: 'messages.0.content', code: 'unsupported_value' },
        message: expect.stringMatching(/^messages\.0\.content: .*cannot read image_url$/) as string,
      })

      const half = { id: 'c', type: 'function', function: { name: 'f', arguments: '{"a": "\\ud800"}' } }
      const messages = [{ role: 'assistant', content: 'w2', tool_calls: [half] }]
      const { error } = await ask('w1', { messages })
      expect([error?.code, error?.message]).toEqual([
        'invalid_value',
        expect.stringMatching(/half of a surrogate pair/),
      ])

      const tool = { type: 'function', function: { name: 'bash' } }
      expect((await ask('w1', { tools: [tool] })).limi_warnings).toEqual([expect.stringMatching(/left out bash/)])
    })
  }, 240_000)

  test('greedy is the first of equal tokens, while others sample', async () => {
    const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'python', 'serve_raw.py')
    const [greedy, sampled] = (await askPython(at, TIES, script)) as readonly [readonly number[], readonly number[]]
    expect(new Set(greedy)).toEqual(new Set([1]))
    expect(new Set(sampled)).toEqual(new Set([1, 2]))
  }, 120_000)

  const weights = process.env['LIMI_TEST_MODEL']
  test.skipIf(weights === undefined)(
    'past calls reach templates of both kinds (LIMI_TEST_MODEL)',
    async () => {
      const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'python', 'serve_raw.py')
      expect(await askPython(at, PAST_CALLS, script, weights ?? '')).toEqual(['1', 'json {"a": 1}'])
    },
    120_000,
  )

  test('a conversation beyond the context is told both numbers', async () => {
    await withServed(path.join(root, 'tiny model'), async (ask) => {
      const long = await ask('w1 '.repeat(5000))
      expect(long.error).toMatchObject({ code: 'context_length_exceeded', param: 'messages' })
      // Four tokens of the template, and the prompt for the answer.
      expect(long.error?.message).toMatch(
        /^This model's maximum context length is 4096 tokens\. However, your messages resulted in 5005 /,
      )
      const asked = await ask('w1', { max_tokens: 4091 })
      expect(asked.error?.message).toMatch(/you requested 4097 tokens \(6 in the messages, 4091 in the completion\)/)
    })
  }, 240_000)
})
