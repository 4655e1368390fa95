import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { expect, it } from 'vitest'
import { expectRefusal, limiForTests } from '../../test/support/cli.js'
import { writeConfig } from '../../test/support/project.js'

const limi = limiForTests()

const script = async (): Promise<void> => {
  const replies = [{ text: 'Grüße' }]
  const slow = { request: 'wait', replies: [{ text: 'late', delayMs: 60_000 }] }
  await writeFile(path.join(limi.place, 'x.jsonl'), `${JSON.stringify({ replies })}\n${JSON.stringify(slow)}\n`)
}

/** The one document of `--json`, as soon as it is whole. */
function addressOf(running: ReturnType<typeof limi.start>): Promise<{ model: string; baseUrl: string }> {
  let said = ''
  return new Promise((resolve) => {
    running.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.endsWith('}\n')) resolve(JSON.parse(said) as { model: string; baseUrl: string })
    })
  })
}

const ask = (baseUrl: string, content: string, model: string) =>
  fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model, messages: [{ role: 'user', content }] }),
  })

it('serves a script on a free port without a project, says where, and ends with Ctrl-C, answers under way or not', async () => {
  await script()
  const running = limi.start(limi.place, 'serve', 'script:x.jsonl', '--json')
  const { model, baseUrl } = await addressOf(running)
  expect(model).toBe('script:x.jsonl')
  const response = await ask(baseUrl, 'hi', model)
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Grüße' } }] })
  const waiting = ask(baseUrl, 'wait', model).catch(() => 'cut')
  await expect.poll(async () => (await fetch(baseUrl.replace('/v1', '/health'))).status).toBe(200)
  running.kill('SIGINT')
  const ended = await running
  expect([ended.exitCode, await waiting]).toEqual([0, 'cut'])
  expect(ended.stderr).toMatch(/ s: 200 stop$/mu)
  await expect(ask(baseUrl, 'hi', model)).rejects.toThrow()
})

it('serves a model of limi.yaml that is behind another endpoint', async () => {
  const behind = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const choice = { index: 0, delta: { content: 'from behind' }, finish_reason: 'stop' }
    response.end(`data: ${JSON.stringify({ id: 'c', choices: [choice] })}\n\ndata: [DONE]\n\n`)
  })
  await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve))
  const root = path.join(limi.place, 'project')
  const baseUrl = `http://127.0.0.1:${(behind.address() as AddressInfo).port}/v1`
  await writeConfig(root, { models: { mine: { baseUrl, model: 'm' } } })
  const running = limi.start(root, 'serve', 'mine', '--json')
  const at = await addressOf(running)
  expect(await (await ask(at.baseUrl, 'hi', 'mine')).json()).toMatchObject({
    model: 'mine',
    choices: [{ message: { content: 'from behind' } }],
  })
  running.kill('SIGTERM')
  expect((await running).exitCode).toBe(0)
  behind.close()
})

it('refuses what cannot be served', async () => {
  await script()
  const refused = async (...args: readonly string[]) => limi.json(limi.place, 'serve', ...args)
  expectRefusal(await refused('no-such'), { code: 'model.unknown', what: /no model named/ })
  expectRefusal(await refused('script:x.jsonl', '--host', '0.0.0.0'), { code: 'serve.open', what: /other machines/ })
  const keyless = await refused('script:x.jsonl', '--api-key-env', 'LIMI_NO_SUCH_KEY')
  expect([keyless.code, keyless.data.error?.code]).toEqual([3, 'serve.key-missing'])
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const port = String((taken.address() as AddressInfo).port)
  expectRefusal(await refused('script:x.jsonl', '--port', port), { code: 'model.port', what: /EADDRINUSE/ })
  taken.close()
})
