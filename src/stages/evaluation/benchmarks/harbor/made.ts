import path from 'node:path'
import { Query, type Scoring } from '../../../../nouns/index.js'
import { readTests, type TestFile } from '../../../../shared/scoring/index.js'
import type { BenchmarkTask } from '../benchmark.js'
import { digestOfTree } from './tree.js'
import { because, isWhy, type Why } from './why.js'

/** Where tasks lie, and what they belong to. */
export interface Place {
  /** The project's folder: places in a query are relative to it. */
  readonly root: string
  readonly benchmark: string
}

export interface Hidden {
  readonly files: readonly TestFile[]
  readonly digest: string
}

/** The tests of a task, or why there are none. */
export async function testsAt(places: readonly string[]): Promise<Hidden | Why> {
  const tests = await readTests(places)
  return tests.ok ? tests.value : because(`${tests.failure.message}: ${path.basename(tests.failure.where ?? '')}`)
}

interface Variables {
  readonly env?: Readonly<Record<string, string>>
}

export const variablesOf = (env: Readonly<Record<string, string>>): Variables =>
  Object.keys(env).length === 0 ? {} : { env }

export interface TaskParts {
  readonly id: string
  readonly layout: 'harbor' | 'terminal-bench'
  readonly request: string
  readonly tags: Readonly<Record<string, unknown>>
  /** Of an image that is built: its folder. */
  readonly image: ({ readonly build: string } | { readonly name: string }) & Variables
  /** In MiB. */
  readonly limits: { readonly memory?: number; readonly disk?: number }
  /** Seconds that the task itself gives an agent. */
  readonly agentSeconds?: number
  readonly scoring: Omit<Extract<Scoring, { kind: 'verifier' }>, 'kind'>
}

/** A task as a query; what it begins in is part of what it is. */
export async function taskOf(
  folder: string,
  parts: TaskParts,
  { root, benchmark }: Place,
): Promise<BenchmarkTask | Why> {
  const { id, layout, request, tags, image, limits, agentSeconds, scoring } = parts
  if (request.trim() === '') return because('its instruction is empty')
  const environment = 'build' in image ? await digestOfTree(image.build, folder) : null
  if (environment !== null && isWhy(environment)) return environment
  const query = Query.parse({
    format: 'limi.query/1',
    id,
    request,
    split: 'heldout',
    tags: Object.fromEntries(Object.entries(tags).filter(([, value]) => typeof value === 'string')),
    start: { image: 'build' in image ? { ...image, build: fromRoot(root, image.build) } : image, limits },
    scoring: { kind: 'verifier', ...scoring, tests: scoring.tests.map((place) => fromRoot(root, place)) },
    source: {
      kind: 'benchmark',
      benchmark,
      parameters: { task: id, layout, agentSeconds, environment: environment?.digest },
    },
  })
  return { id, suite: SUITE, query }
}

const SUITE = 'tasks'

const fromRoot = (root: string, place: string): string => path.relative(root, place).split(path.sep).join('/') || '.'
