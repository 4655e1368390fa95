import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type * as Jiti from 'jiti'
import type { OwnBenchmark, ScoredFiles } from './define.js'
import type { Reply, Request, ScoreRequest } from './protocol.js'
import { asJson } from './not-finite.js'
import { limitOutput } from './output.js'
import { placeIn } from './place.js'
import { seal } from './seal.js'

/*
 * The process in which a benchmark's module runs: requests come on file descriptor 3, a JSON line each, and each is answered by a line on 4.
 * What the module prints is not read.
 */
seal()
const output = limitOutput()
// By its real path: to look for it would read folders that this process may not.
const { createJiti } = (await import(process.argv[2] ?? '')) as typeof Jiti
const answers = new Socket({ fd: 4 })
const shim = fileURLToPath(import.meta.resolve(import.meta.url.endsWith('.ts') ? './define.ts' : './define.js'))
const jiti = createJiti(import.meta.url, { fsCache: false, interopDefault: false, alias: { limi: shim } })
let benchmark: OwnBenchmark | null = null

createInterface({ input: new Socket({ fd: 3 }) }).on('line', (line) => {
  void reply(JSON.parse(line) as Request).then((given) => answers.write(`${asJson(given)}\n`))
})

async function reply(request: Request): Promise<Reply> {
  output.begin()
  try {
    const given = request.kind === 'load' ? await load(request.file) : await score(request)
    asJson(given)
    return given
  } catch (error) {
    return { kind: 'threw', message: wordsOf(error) }
  }
}

async function load(file: string): Promise<Reply> {
  const loaded: Record<string, unknown> = await jiti.import(file)
  if (typeof loaded['benchmark'] !== 'object' || loaded['benchmark'] === null) {
    throw new Error('it exports no `benchmark`: export const benchmark = defineBenchmark({ name, tasks, score })')
  }
  benchmark = loaded['benchmark'] as OwnBenchmark
  const { name, description, licence, suites, seconds, tasks, score: scorer } = benchmark
  const all = typeof tasks === 'function' ? await tasks() : tasks
  const described = { name, description, licence, suites, seconds, tasks: all, scores: typeof scorer === 'function' }
  return { kind: 'loaded', benchmark: described, sources: sources() }
}

/** The module's own code, without packages. */
const sources = (): string[] =>
  Object.keys(jiti.cache).filter((file) => !/[/\\]node_modules[/\\]/.test(file) && file !== shim)

async function score({ task, files, binaries, answer }: ScoreRequest): Promise<Reply> {
  if (benchmark?.score === undefined) throw new Error('the benchmark has no `score`')
  const given = await benchmark.score({ task, files: scoredFiles(files, binaries), answer })
  return { kind: 'scored', score: given }
}

/** Maps, since a file may have any name. */
function scoredFiles(texts: ScoreRequest['files'], binaries: ScoreRequest['binaries']): ScoredFiles {
  const textOf = new Map(texts)
  const bytesOf = new Map(binaries.map(([name, base64]) => [name, Buffer.from(base64, 'base64')]))
  return {
    list: () => [...textOf.keys(), ...bytesOf.keys()].sort(),
    text: (name) => textOf.get(name) ?? bytesOf.get(name)?.toString('utf8') ?? null,
    bytes: (name) => {
      const text = textOf.get(name)
      return text === undefined ? (bytesOf.get(name) ?? null) : Buffer.from(text)
    },
  }
}

/** An error's first line and where the module met it. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, 500)
  const place = placeIn(error.stack ?? '')
  return `${error.message.slice(0, 500)}${place === null ? '' : ` (${place})`}`
}
