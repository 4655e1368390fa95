import { mkdir, writeFile } from 'node:fs/promises'
import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { execa } from 'execa'
import { FailureError } from '../../../nouns/index.js'
import type { Caller } from './caller.js'
import { HOME } from './confine.js'
import { ownFolder, removeAll } from './folders.js'

/** Where a sandbox lies on this machine. */
export interface Place {
  /** What is bound into it as its workspace, as processes started behind {@link Place.prefix} see it. */
  readonly workspace: string
  readonly home: string
  /** Folders in which all that is written ends up. */
  readonly written: readonly string[]
  /** What has changed against the base, or all where there is none. */
  readonly layer: string
  readonly base: string | undefined
  /** Put before a command that is to see the workspace. */
  prefix(): readonly string[]
  /** Takes the workspace away while its files are changed from outside. */
  close(): Promise<void>
  open(): Promise<void>
  /** A folder of the sandbox's own. */
  folder(name: string): string
  remove(): Promise<void>
}

/** Makes the folders of a sandbox, its files in them. `base` is what the workspace begins as. */
export async function makePlace(
  caller: Caller,
  files: Readonly<Record<string, string>>,
  base: string | undefined,
): Promise<Place> {
  const root = await ownFolder('sandbox', caller)
  const at = (name: string): string => path.join(root, name)
  for (const name of ['layer', 'home', 'work', 'merged', 'bridge']) await mkdir(at(name))
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(at('layer'), name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  await writeFile(at('passwd'), `user:x:1000:1000::${HOME}:/bin/bash\n`)
  await writeFile(at('group'), 'user:x:1000:\n')
  if (process.getuid?.() === 0) await execa('chown', ['-R', `${caller.uid}:${caller.uid}`, root])
  const own = { root, at, caller }
  return base === undefined ? plainPlace(own) : layeredPlace(own, base)
}

interface Own {
  readonly root: string
  readonly at: (name: string) => string
  readonly caller: Caller
}

function plainPlace({ root, at, caller }: Own): Place {
  return {
    ...{ workspace: at('layer'), home: at('home'), layer: at('layer'), base: undefined, folder: at },
    written: [at('layer'), at('home')],
    prefix: () => caller.prefix,
    close: () => Promise.resolve(),
    open: () => Promise.resolve(),
    remove: () => removeAll(root, caller),
  }
}

/** A mount of one's own, held by a process that ends when its standard input does: when this process is gone, it goes too. */
async function layeredPlace({ root, at, caller }: Own, base: string): Promise<Place> {
  let holder: ChildProcess | undefined
  const open = async (): Promise<void> => {
    holder = await holdMount(root, base, caller)
  }
  const close = async (): Promise<void> => {
    const gone = new Promise((resolve) => holder?.once('close', resolve))
    if (holder?.kill('SIGKILL') === true) await gone
    holder = undefined
  }
  await open()
  return {
    ...{ workspace: at('merged'), home: at('home'), layer: at('layer'), base, folder: at, open, close },
    written: [at('layer'), at('home')],
    prefix: () => [
      ...caller.prefix,
      ...['nsenter', '--target', String(holder?.pid), '--user', '--mount', '--preserve-credentials', '--'],
    ],
    async remove() {
      await close()
      await removeAll(root, caller)
    },
  }
}

const MOUNT = `cd "$1" && mount -t overlay overlay -o "lowerdir=base,upperdir=layer,workdir=work,userxattr" merged && echo ready && exec cat >/dev/null`

async function holdMount(root: string, base: string, caller: Caller): Promise<ChildProcess> {
  await execa('ln', ['-sfn', base, path.join(root, 'base')])
  const words = [
    '--user',
    '--map-root-user',
    '--mount',
    '--propagation',
    'private',
    '--',
    'sh',
    '-c',
    MOUNT,
    'sh',
    root,
  ]
  const [program = '', ...rest] = [...caller.prefix, 'unshare', ...words]
  const holder = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/' })
  let says = ''
  holder.stderr.on('data', (chunk: Buffer) => (says += String(chunk).slice(0, 1000)))
  const isReady = await new Promise<boolean>((resolve) => {
    holder.stdout.once('data', () => resolve(true))
    holder.once('error', () => resolve(false))
    holder.once('close', () => resolve(false))
  })
  if (isReady) return holder
  throw new FailureError({
    kind: 'missing',
    code: 'sandbox.no-overlay',
    message: `the workspace cannot be laid over ${base}: ${says.trim()}`,
    where: base,
    remedy: 'a kernel from 5.11 on mounts overlays for every user',
  })
}
