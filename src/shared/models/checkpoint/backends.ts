import { constants } from 'node:fs'
import { access, open } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { done, failed, type Result } from '../../../nouns/index.js'

/** Programs that can serve a model folder. */
export type Backend = 'transformers' | 'vllm' | 'sglang'

/** What is started, and what each request to it carries besides. */
export interface Launch {
  readonly python: string
  readonly run: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly extraBody: Readonly<Record<string, unknown>>
}

export interface LaunchOptions {
  readonly folder: string
  readonly port: number
  /** The engine's interpreter, with transformers in it. */
  readonly python: string
  /** Whether the marks of this model's calls are special tokens, which must stay in the text. */
  readonly keepSpecialTokens: boolean
}

/** Share of the free memory that the server's key-value cache may take: its own default, 0.9, leaves a laptop nothing. */
const CACHE_LIMIT = ['--cb-max-memory-percent', '0.2']

const here = path.dirname(fileURLToPath(import.meta.url))

export async function launchOf(backend: Backend, options: LaunchOptions): Promise<Result<Launch>> {
  if (backend === 'transformers') return done(transformers(options))
  const python = await interpreterOf(backend)
  if (python === null) return failed(notInstalled(backend))
  return done(backend === 'vllm' ? vllm(options, python) : sglang(options, python))
}

function transformers({ folder, port, python, keepSpecialTokens }: LaunchOptions): Launch {
  const address = ['--host', '127.0.0.1', '--port', String(port)]
  return {
    python,
    run: path.join(here, 'python', 'serve_raw.py'),
    args: ['serve', folder, '--continuous-batching', ...CACHE_LIMIT, ...address],
    env: { LIMI_KEEP_SPECIAL_TOKENS: keepSpecialTokens ? '1' : '0' },
    extraBody: {},
  }
}

/** Without a parser of its own vLLM takes tools only with `tool_choice: none`, which shows them to the model all the same. */
function vllm({ folder, port, keepSpecialTokens }: LaunchOptions, python: string): Launch {
  const address = ['--host', '127.0.0.1', '--port', String(port)]
  return {
    python,
    run: 'vllm.entrypoints.cli.main',
    args: ['serve', folder, '--served-model-name', folder, ...address],
    env: {},
    extraBody: { tool_choice: 'none', ...specialTokens(keepSpecialTokens) },
  }
}

function sglang({ folder, port, keepSpecialTokens }: LaunchOptions, python: string): Launch {
  const address = ['--host', '127.0.0.1', '--port', String(port)]
  return {
    python,
    run: 'sglang.launch_server',
    args: ['--model-path', folder, '--served-model-name', folder, ...address],
    env: {},
    extraBody: specialTokens(keepSpecialTokens),
  }
}

const specialTokens = (keep: boolean): Readonly<Record<string, unknown>> => (keep ? { skip_special_tokens: false } : {})

/** The interpreter that a program on the PATH runs in, by its first line; null where there is none. */
async function interpreterOf(program: string): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const first = await firstLine(path.join(folder, program))
    const python = /^#!\s*(\/\S*python[\d.]*)\s*$/.exec(first)?.[1]
    if (python !== undefined) return python
  }
  return null
}

async function firstLine(file: string): Promise<string> {
  try {
    await access(file, constants.X_OK)
    const handle = await open(file)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0)
      return buffer.subarray(0, bytesRead).toString('utf8').split('\n')[0] ?? ''
    } finally {
      await handle.close()
    }
  } catch {
    return ''
  }
}

const notInstalled = (backend: Backend) => ({
  kind: 'missing' as const,
  code: 'server.not-installed',
  message: `${backend} is not installed: no program of this name, with its Python in the first line, is on the PATH`,
  where: backend,
  remedy: `install ${backend} (its own documentation says how for your GPU), or serve with --backend transformers`,
})
