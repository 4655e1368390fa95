import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { afterEach, describe, expect, it } from 'vitest'
import { limiForTests } from '../../test/support/cli.js'

/** The program `mini` of mini-swe-agent (PyPI), as it is published. */
const mini = process.env['LIMI_TEST_MINI_SWE_AGENT']
/** SmolLM2's folder, with a context of 8,192 tokens; and the engine's cache. */
const weights = process.env['LIMI_TEST_MODEL']
const cache = process.env['LIMI_CACHE']

const withPython = { PATH: process.env['PATH'] ?? '', ...(cache === undefined ? {} : { LIMI_CACHE: cache }) }
const limi = limiForTests(cache === undefined ? {} : withPython)
const running: ReturnType<typeof limi.start>[] = []
afterEach(async () => {
  for (const one of running.splice(0)) {
    one.kill('SIGINT')
    await one
  }
})

/** Starts `limi serve` and waits for its line. */
async function serve(model: string): Promise<{ baseUrl: string; log: () => string }> {
  const server = limi.start(limi.place, 'serve', model)
  running.push(server)
  let log = ''
  const baseUrl = await new Promise<string>((resolve, reject) => {
    server.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString()
      const said = / at (http\S+)/.exec(log)?.[1]
      if (said !== undefined) resolve(said)
    })
    void server.then(() => reject(new Error(log)))
  })
  return { baseUrl, log: () => log }
}

interface Ended {
  readonly status: string
  readonly steps: number
}

async function work(baseUrl: string, model: string, task: string, ...more: readonly string[]): Promise<Ended> {
  const cwd = path.join(limi.place, 'work')
  await mkdir(cwd, { recursive: true })
  const env = {
    OPENAI_API_BASE: baseUrl,
    OPENAI_API_KEY: 'any',
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    MSWEA_CONFIGURED: 'true',
    MSWEA_COST_TRACKING: 'ignore_errors',
    MSWEA_GLOBAL_CONFIG_DIR: path.join(limi.place, 'mini'),
  }
  const output = path.join(limi.place, 'trajectory.json')
  const args = ['-m', `openai/${model}`, '-t', task, '-y', '--exit-immediately', '-o', output, '-c', 'mini.yaml']
  await execa(mini ?? '', [...args, ...more], { cwd, env, stdin: 'ignore', reject: false })
  const { info } = JSON.parse(await readFile(output, 'utf8')) as {
    info: { exit_status: string; model_stats: { api_calls: number } }
  }
  return { status: info.exit_status, steps: info.model_stats.api_calls }
}

const calling = (text: string, command: string) => ({
  text,
  toolCalls: [{ name: 'bash', arguments: JSON.stringify({ command }) }],
})

describe.skipIf(mini === undefined)('mini-swe-agent (LIMI_TEST_MINI_SWE_AGENT)', { timeout: 300_000 }, () => {
  it('works on a served script to the end', async () => {
    const replies = [
      calling('I write it.', 'echo hello > made.txt'),
      calling('Done.', 'echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT'),
    ]
    await writeFile(path.join(limi.place, 'agent.jsonl'), `${JSON.stringify({ replies })}\n`)
    const { baseUrl } = await serve('script:agent.jsonl')
    expect(await work(baseUrl, 'script:agent.jsonl', 'make made.txt')).toEqual({ status: 'Submitted', steps: 2 })
    expect(await readFile(path.join(limi.place, 'work', 'made.txt'), 'utf8')).toBe('hello\n')
  })

  const without = weights === undefined || cache === undefined
  it.skipIf(without)('gets answers from SmolLM2, and is told where its context ends', async () => {
    const model = `dir:${weights ?? ''}`
    const { baseUrl, log } = await serve(model)
    const bounds = ['-c', 'agent.step_limit=2', '-c', 'model.model_kwargs.max_tokens=40']
    expect(await work(baseUrl, model, 'make made.txt', ...bounds)).toEqual({ status: 'LimitsExceeded', steps: 2 })
    expect(log()).toMatch(/no place for tools: left out bash/)
    const long = await work(baseUrl, model, 'word '.repeat(9000), ...bounds)
    expect(long.status).toBe('ContextWindowExceededError')
    expect(log()).toMatch(
      /400 This model's maximum context length is 8192 tokens\. However, your messages resulted in \d+/,
    )
  })
})
