import { access, open, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import type { ProjectPaths } from '../../shared/project/index.js'

export type Kind = 'evaluation' | 'checkpoint' | 'dataset' | 'selection' | 'trajectory' | 'query'

/** Downstream first: a bare id means the furthest thing that was made under it. */
export const KINDS: readonly Kind[] = ['evaluation', 'checkpoint', 'dataset', 'selection', 'trajectory', 'query']

/** The file that says what a thing was made from. */
export function placeOfKind(paths: ProjectPaths, kind: Kind, id: string): string {
  const places: Record<Kind, string> = {
    evaluation: path.join(paths.evaluations, id, 'manifest.json'),
    checkpoint: path.join(paths.training, id, 'manifest.json'),
    dataset: path.join(paths.datasets, id, 'manifest.json'),
    selection: path.join(paths.selections, `${id}.yaml`),
    trajectory: path.join(paths.trajectories, `${id}.jsonl`),
    query: path.join(paths.queries, `${id}.yaml`),
  }
  return places[kind]
}

/** A YAML file's value; undefined, which no schema takes, where it is damaged. */
export const valueIn = async (file: string): Promise<unknown> => valueOf(await readFile(file, 'utf8'), parse)

/** What a text holds; undefined where it is damaged. */
export function valueOf(text: string, read: (text: string) => unknown): unknown {
  try {
    return read(text)
  } catch {
    return undefined
  }
}

export async function firstLine(file: string): Promise<string> {
  const handle = await open(file)
  try {
    for await (const line of handle.readLines()) return line
    return ''
  } finally {
    await handle.close()
  }
}

export const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )
