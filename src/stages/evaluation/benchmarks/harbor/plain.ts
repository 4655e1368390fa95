import { isUtf8 } from 'node:buffer'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { because, type Why } from './why.js'

const MAX_BYTES = 1 << 20

/** Why a file of a task is not read: what a link leads to may be anything of this machine, and would be told to a model. */
export function againstFile(file: string): Why | null {
  const found = lstatSync(file)
  const name = path.basename(file)
  if (!found.isFile()) return because(`${name} is no plain file`)
  return found.size > MAX_BYTES ? because(`${name} has ${found.size} bytes, more than ${MAX_BYTES}`) : null
}

/** The text of a file. */
export function textIn(file: string): { readonly text: string } | Why {
  const against = againstFile(file)
  if (against !== null) return against
  const bytes = readFileSync(file)
  return isUtf8(bytes) ? { text: bytes.toString('utf8') } : because(`${path.basename(file)} is not UTF-8`)
}

/** Why a folder of a task is not looked into. */
export const againstFolder = (folder: string): Why | null =>
  !existsSync(folder) || lstatSync(folder).isDirectory() ? null : because(`${path.basename(folder)} is no plain folder`)
