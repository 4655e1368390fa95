import { rmSync } from 'node:fs'
import path from 'node:path'
import { execa } from 'execa'
import type { Caller } from './caller.js'
import { ownFolder } from './folders.js'

const copies = new Map<string, Promise<string>>()

/** A base that the sandbox's user can write over: root's files cannot be handed to anybody else, so root's sandboxes share a copy of it, made once. */
export function baseFor(base: string, caller: Caller): Promise<string> {
  if (process.getuid?.() !== 0) return Promise.resolve(base)
  const known = copies.get(base)
  if (known !== undefined) return known
  const made = copyOf(base, caller)
  copies.set(base, made)
  return made
}

async function copyOf(base: string, caller: Caller): Promise<string> {
  const folder = await ownFolder('base', caller)
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const copy = path.join(folder, 'files')
  await execa('cp', ['-a', '--reflink=auto', '--', base, copy], { stdin: 'ignore' })
  await execa('chown', ['-hR', `${caller.uid}:${caller.uid}`, folder], { stdin: 'ignore' })
  return copy
}
