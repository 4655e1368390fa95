import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { z } from 'zod'
import { FailureError } from '../../../nouns/index.js'
import type { SandboxImage } from '../sandbox.js'
import { wordsOf, type Engine } from './engine.js'
import { entriesIn } from './folder.js'
import { archiveOf, type Entry } from './tar.js'
import { WORKSPACE, type System } from './places.js'

const DEFAULT_IMAGE = 'debian:stable-slim'
const TOLD_LINES = 20

const ready = new Map<string, Promise<string>>()

/** As engines tell it; what an image does not say is absent, null or empty. */
const ImageConfig = z.object({
  WorkingDir: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  User: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  Env: z.array(z.string()).nullish(),
  Volumes: z.record(z.string(), z.unknown()).nullish(),
})

/** What sandboxes lie in whose spec names no image. */
export const defaultImage = (): string => process.env['LIMI_SANDBOX_IMAGE'] ?? DEFAULT_IMAGE

/** Whether the engine has it already, so that nothing is pulled. */
export const hasDefaultImage = ({ docker }: Engine): Promise<boolean> => has(docker, defaultImage())

/** Sees to it that the engine has an image: it pulls one, or builds one. Failures: `sandbox.image`, `sandbox.image-volume`. */
export async function systemOf(engine: Engine, wanted: SandboxImage | undefined): Promise<System> {
  const image = await present(engine, wanted ?? { kind: 'name', name: defaultImage() })
  if (wanted === undefined) return { image, workspace: WORKSPACE, isOwn: true, user: '1000:1000', isRoot: false }
  const { WorkingDir, User, Env, Volumes } = ImageConfig.parse((await engine.docker.getImage(image).inspect()).Config)
  const workspace = WorkingDir === '' || WorkingDir === '/' ? WORKSPACE : WorkingDir.replace(/\/+$/, '')
  const volume = Object.keys(Volumes ?? {}).find((place) => `${workspace}/`.startsWith(`${place}/`))
  if (volume !== undefined) throw new FailureError(inVolume(image, volume))
  const { env } = wanted
  const path = env?.['PATH'] ?? Env?.find((one) => one.startsWith('PATH='))?.slice('PATH='.length)
  const user = User === '' ? '0:0' : User
  return {
    image,
    workspace,
    isOwn: false,
    user,
    isRoot: /^(0|root)(:|$)/.test(user),
    ...(path === undefined ? {} : { path }),
    ...(env === undefined ? {} : { env }),
  }
}

function present(engine: Engine, wanted: SandboxImage): Promise<string> {
  const key = wanted.kind === 'name' ? wanted.name : `\0${wanted.folder}`
  const known = ready.get(key)
  if (known !== undefined) return known
  const made = wanted.kind === 'name' ? pulled(engine, wanted.name) : built(engine, wanted.folder)
  ready.set(key, made)
  made.catch(() => ready.delete(key))
  return made
}

async function pulled({ docker }: Engine, name: string): Promise<string> {
  if (await has(docker, name)) return name
  try {
    await followed(docker, await docker.pull(name))
  } catch (error) {
    throw new FailureError({
      kind: 'missing',
      code: 'sandbox.image',
      message: `the engine has no image ${name} and cannot pull it: ${wordsOf(error)}`,
      where: name,
      remedy: `\`docker pull ${name}\` (or podman) where the network is, or name an image that is there: in the query's \`start.image\`, for all others in LIMI_SANDBOX_IMAGE`,
    })
  }
  return name
}

/** The tag tells what it was built from: the same folder is built once. */
async function built({ docker }: Engine, folder: string): Promise<string> {
  const digest = createHash('sha256')
  try {
    for await (const chunk of archiveOf(timeless(folder), ROOT)) digest.update(chunk)
    const name = `limi-build:${digest.digest('hex').slice(0, 24)}`
    if (await has(docker, name)) return name
    const archive = Readable.from(archiveOf(timeless(folder), ROOT))
    await followed(docker, await docker.buildImage(archive, { t: name, forcerm: true }))
    if (!(await has(docker, name))) throw new Error('the engine built nothing, and does not say why')
    return name
  } catch (error) {
    throw new FailureError({
      kind: 'underway',
      code: 'sandbox.image',
      message: `the image of ${folder} is not built: ${wordsOf(error)}`,
      where: folder,
      remedy: `try it: \`docker build ${folder}\` (or podman)`,
    })
  }
}

const ROOT = { uid: 0, gid: 0 }

/** A checkout is no other one because its files were written later. */
async function* timeless(folder: string): AsyncGenerator<Entry> {
  for await (const entry of entriesIn(folder)) yield { ...entry, mtime: 0 }
}

const has = (docker: Docker, name: string): Promise<boolean> =>
  docker
    .getImage(name)
    .inspect()
    .then(
      () => true,
      (error: unknown) => {
        if ((error as { statusCode?: number }).statusCode === 404) return false
        throw error
      },
    )

interface Progress {
  readonly stream?: string
  readonly status?: string
  readonly error?: string
}

/** Follows what an engine does until it is done; its last lines are told where it fails. */
async function followed(docker: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  const lines: string[] = []
  let problem: string | undefined
  const keep = ({ stream: printed, error }: Progress): void => {
    problem ??= error
    const text = (printed ?? error ?? '').trim()
    if (text !== '') lines.push(text)
    if (lines.length > TOLD_LINES) lines.shift()
  }
  const failure = await new Promise<Error | null>((resolve) => {
    docker.modem.followProgress(stream, (error) => resolve(error), keep)
  })
  const why = problem ?? failure?.message
  if (why !== undefined) throw new Error([...new Set([...lines, why])].join('\n'))
}

const inVolume = (image: string, volume: string) => ({
  kind: 'input' as const,
  code: 'sandbox.image-volume',
  message: `the working folder of ${image} lies in its volume ${volume}, of which no snapshot can be taken`,
  where: image,
  remedy: 'use an image without VOLUME there, or with another WORKDIR',
})
