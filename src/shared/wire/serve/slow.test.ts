import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ChatModel, ModelEvent } from '../../models/index.js'
import { modelApp } from './app.js'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** A model that says something only when told to. */
function waitingModel() {
  let speak: (event: ModelEvent) => void = () => undefined
  const word = new Promise<ModelEvent>((resolve) => (speak = resolve))
  const model: ChatModel = {
    name: 'm',
    async *stream(): AsyncGenerator<ModelEvent> {
      yield await word
      yield { type: 'stop', reason: 'stop' }
    },
  }
  const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'x' }] })
  return { speak, asked: modelApp(model).request('/v1/chat/completions', { method: 'POST', body }) }
}

test('a slow answer begins after ten seconds, with comments until there is a word', async () => {
  const { speak, asked } = waitingModel()
  await vi.advanceTimersByTimeAsync(10_000)
  const response = await asked
  expect(response.status).toBe(200)
  const reading = response.text()
  await vi.advanceTimersByTimeAsync(31_000)
  speak({ type: 'text', text: 'word' })
  const text = await reading
  expect(text.match(/^: .*\n$/gm)).toHaveLength(2)
  expect(text).toMatch(/"content":"word"[^]*\[DONE\]\n\n$/)
})

test('a failure within these is an HTTP error, a later one stands in the stream', async () => {
  const failure: ModelEvent = {
    type: 'failure',
    retryable: false,
    failure: { kind: 'input', code: 'model.context-exceeded', message: 'too long' },
  }
  const soon = waitingModel()
  soon.speak(failure)
  expect((await soon.asked).status).toBe(400)
  const late = waitingModel()
  await vi.advanceTimersByTimeAsync(10_000)
  late.speak(failure)
  const text = await (await late.asked).text()
  expect(text).toMatch(/"code":"context_length_exceeded"\}\}\n\n$/)
})
