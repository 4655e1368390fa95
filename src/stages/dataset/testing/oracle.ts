import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { trajectoryOf as trajectoryWith } from '../../../../test/support/trajectory.js'
import type { Message, Trajectory } from '../../../nouns/index.js'
import type { Conversation } from '../conversation/index.js'

const HERE = path.dirname(fileURLToPath(import.meta.url))

export const at = (...names: string[]): string => path.join(HERE, ...names)

/** Set, it names a folder with SmolLM2-135M-Instruct's tokenizer and chat template; tests that need it skip without. */
export const realModel = process.env['LIMI_TEST_MODEL']
export const pythonForTests = process.env['LIMI_TEST_PYTHON']

export interface Turn {
  readonly role: Message['role']
  readonly content: string
}

/** What transformers made of a conversation; `trained` holds half-open ranges of tokens. */
export interface Recorded {
  readonly name: string
  readonly text: string
  readonly ids: readonly number[]
  readonly trained: readonly (readonly [number, number])[]
}

const linesOf = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line))

export const conversations = (): { name: string; messages: Turn[] }[] =>
  linesOf(at('conversations.jsonl')) as { name: string; messages: Turn[] }[]

export const recorded = (name: string): Recorded[] => asRecorded(linesOf(at('recorded', `${name}.jsonl`)))

/** The first line says how the rest was made. */
export const asRecorded = (lines: readonly unknown[]): Recorded[] => lines.slice(1) as Recorded[]

export function labelsOf({ ids, trained }: Recorded): number[] {
  return ids.map((id, token) => (trained.some(([start, end]) => token >= start && token < end) ? id : -100))
}

/** A copy of the tiny model with another template, or with a field of its tokenizer changed. */
export async function tinyModel(change: { template?: string; patch?: object; config?: object } = {}): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'limi-tiny-ü '))
  await cp(at('tiny'), folder, { recursive: true })
  const rewrite = async (name: string, patch: object): Promise<void> => {
    const file = path.join(folder, name)
    const value = JSON.parse(await readFile(file, 'utf8')) as object
    await writeFile(file, JSON.stringify({ ...value, ...patch }))
  }
  if (change.patch !== undefined) await rewrite('tokenizer.json', change.patch)
  if (change.config !== undefined) await rewrite('tokenizer_config.json', change.config)
  if (change.template !== undefined) await writeFile(path.join(folder, 'chat_template.jinja'), change.template)
  return folder
}

export const conversationOf = (turns: readonly Turn[]): Conversation => ({
  messages: turns.map(({ role, content }, index) => ({
    id: `m${index}`,
    chat: { role, content },
    trains: role === 'assistant',
    stopped: true,
  })),
  tools: null,
  now: null,
})

const ORIGINS = { system: 'agent', user: 'human', assistant: 'model', tool: 'tool' } as const

export const trajectoryOf = (id: string, turns: readonly Turn[], change: Partial<Trajectory> = {}): Trajectory =>
  trajectoryWith(
    id,
    turns.map(({ role, content }, index) => ({ id: `m${index}`, role, origin: ORIGINS[role], content })),
    change,
  )

/** A Python interpreter from a path to it or to its environment. */
export function interpreterIn(place: string): string {
  const inside = path.join(place, 'bin', 'python')
  return existsSync(inside) ? inside : place
}
