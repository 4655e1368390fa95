import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { Manifest } from '../../../nouns/index.js'
import { readManifest } from '../../project/index.js'

/** What a package says of itself. */
const PackageFacts = z.object({
  name: z.string(),
  version: z.string(),
  /** As the package states it: an SPDX expression, or its own words; absent where it states none. */
  licence: z.string().optional(),
})
export type PackageFacts = z.infer<typeof PackageFacts>

/** The package that a model folder was unpacked from, by the folder's manifest; null where it is from none, or made before this was kept. */
export async function packageOfModel(folder: string): Promise<PackageFacts | null> {
  const manifest = await readManifest(folder, Manifest)
  return PackageFacts.safeParse(manifest?.made.parameters['metadata']).data ?? null
}

/** The metadata of an unpacked wheel (core metadata, PEP 566 and 639) or npm package; null where there is none to read. */
export async function packageFacts(
  scheme: 'pypi' | 'npm',
  unpacked: string,
  name: string,
): Promise<PackageFacts | null> {
  try {
    return scheme === 'pypi' ? await ofWheel(unpacked) : await ofNpm(unpacked, name)
  } catch {
    return null
  }
}

async function ofWheel(unpacked: string): Promise<PackageFacts | null> {
  const info = (await readdir(unpacked)).find((one) => one.endsWith('.dist-info'))
  if (info === undefined) return null
  return factsIn(await readFile(path.join(unpacked, info, 'METADATA'), 'utf8'))
}

/** The headers end at the first empty line; one may go on in indented lines, as whole licences do. */
export function factsIn(metadata: string): PackageFacts | null {
  const [head = ''] = metadata.replaceAll('\r\n', '\n').split('\n\n')
  const valuesOf = (key: string): readonly string[] =>
    [...head.matchAll(new RegExp(`^${key}:[ \\t]*(.+)$`, 'gmi'))].map(([, value = '']) => value.trim())
  const classifier = valuesOf('Classifier').find((one) => one.startsWith('License ::'))
  const licence = valuesOf('License-Expression')[0] ?? valuesOf('License')[0] ?? classifier?.split(' :: ').at(-1)
  return facts({ name: valuesOf('Name')[0], version: valuesOf('Version')[0], licence })
}

async function ofNpm(unpacked: string, name: string): Promise<PackageFacts | null> {
  const [, bare = name] = /^(@?[^@]+)/.exec(name) ?? []
  const file = path.join(unpacked, 'node_modules', ...bare.split('/'), 'package.json')
  const { name: own, version, license } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  return facts({ name: own, version, licence: license })
}

function facts({ licence, ...of }: Readonly<Record<string, unknown>>): PackageFacts | null {
  const stated = typeof licence === 'string' && licence !== '' && !/^unknown$/i.test(licence)
  return PackageFacts.safeParse({ ...of, ...(stated && { licence: licence.slice(0, 100) }) }).data ?? null
}
