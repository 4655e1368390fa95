import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { done, type Result } from '../../nouns/index.js'
import { findProgram, isOfSystem } from './program.js'
import { shown } from './shown.js'

/** A command of this machine as it is started in a sandbox. */
export interface FoundCommand {
  readonly words: readonly [string, ...string[]]
  readonly readable: readonly string[]
  readonly path: string
}

/**
 * The program of a command, and what of this machine must be seen with it: its own files, and what its words name. Failures: `agent.program`,
 * `agent.shows-too-much`.
 *
 * @param root what relative paths are relative to
 */
export function findCommand(command: readonly [string, ...string[]], root: string): Result<FoundCommand> {
  const [name, ...rest] = command
  const found = findProgram(name.includes('/') ? path.resolve(root, name) : name)
  if (!found.ok) return found
  const { file, readable, path: own } = found.value
  const words = rest.map((word) => placeNamed(word, root) ?? word)
  const named = words.filter((word, at) => placeNamed(rest[at] ?? '', root) !== null && !isOfSystem(word))
  const places = shown([...readable, ...named], root)
  return places.ok ? done({ words: [file, ...words], readable: places.value, path: own }) : places
}

/** Where a word leads that is written as a path of something that is there. */
function placeNamed(word: string, root: string): string | null {
  if (!/^(?:\.{0,2}\/)/.test(word)) return null
  const place = path.resolve(root, word)
  return existsSync(place) && (statSync(place).isFile() || statSync(place).isDirectory()) ? place : null
}
