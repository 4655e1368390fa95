import { beforeEach, describe, expect, it } from 'vitest'
import { importBench, type ImportBench } from '../../../../../test/support/import-bench.js'
import { openaiMessagesExport } from '../../export/messages/openai.js'
import type { StoredTrajectory } from '../../store/index.js'

let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
})

const recordOf = (answer: string, more = ''): string =>
  `{"messages":[{"role":"user","content":"u"},{"role":"assistant","content":"a",${answer}}]${more}}`
async function answerOf(text: string): Promise<StoredTrajectory['threads'][number]['messages'][number]> {
  const { read } = await bench.only(await bench.put('record.json', text))
  return read.threads[0]!.messages[1]!
}

describe('the weight of a message', () => {
  it.each([
    ['"weight":1e999', undefined, { weight: 'Infinity' }],
    ['"loss":0.53', undefined, { loss: 0.53 }],
    ['"loss":0', 0, undefined],
    ['"loss":true', 1, undefined],
    ['"loss_scale":0.5', 0.5, undefined],
    ['"weight":-1', undefined, { weight: -1 }],
  ])('%s', async (field, weight, openai) => {
    const message = await answerOf(recordOf(field))
    expect(message.weight).toBe(weight)
    expect(message.extra?.['openai']).toEqual(openai)
  })

  it('that a prompt gave is kept where it does not train', async () => {
    const prompt = [
      { role: 'user', content: 'u' },
      { role: 'assistant', content: 'a', weight: 0.5 },
    ]
    const completion = [{ role: 'assistant', content: 'b' }]
    expect(await answerOf(JSON.stringify({ prompt, completion }))).toMatchObject({
      weight: 0,
      extra: { trl: { weight: 0.5 } },
    })
  })
})

describe('reasoning', () => {
  it.each([
    ['claude-sonnet-4-5', 'summary'],
    ['claude-3-7-sonnet', 'full'],
    ['glm-4.6', 'full'],
  ])('of %s is a %s', async (model, kind) => {
    const message = await answerOf(recordOf('"reasoning_content":"r"', `,"model":"${model}"`))
    expect(message.reasoning).toEqual({ text: 'r', kind })
  })

  it('in full stays so through an export, whatever the name of the model', async () => {
    const file = await bench.put(
      'record.json',
      recordOf('"reasoning_content":"r","reasoning_kind":"full"', ',"model":"claude-sonnet-4-5"'),
    )
    const { read } = await bench.only(file)
    expect(read.threads[0]!.messages[1]!.reasoning).toEqual({ text: 'r', kind: 'full' })
    const line = openaiMessagesExport.write(read)
    expect(line).toContain('"reasoning_kind":"full"')
    const again = await bench.only(await bench.put('again.json', line))
    expect(again.read.threads[0]!.messages[1]!.reasoning).toEqual({ text: 'r', kind: 'full' })
  })
})
