import { open, readdir } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

/** Source: the format's own description (huggingface/safetensors): 8 bytes of length, little-endian, then JSON, then the data. */
const Header = z.record(
  z.string(),
  z.object({ shape: z.array(z.number()).optional(), data_offsets: z.tuple([z.number(), z.number()]).optional() }),
)
/** The reference implementation's own limit. */
const LONGEST = 100_000_000

export interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
}

interface Weights {
  readonly tensors: readonly Tensor[]
  /** Whether the file is as long as its header says. */
  readonly isWhole: boolean
}

/** What a weights file holds, from its header; null where it is none. */
export async function readWeights(file: string): Promise<Weights | null> {
  const handle = await open(file).catch(() => null)
  if (handle === null) return null
  try {
    const { size } = await handle.stat()
    const length = Buffer.alloc(8)
    await handle.read(length, 0, 8, 0)
    const headerBytes = Number(length.readBigUInt64LE())
    if (headerBytes > Math.min(size - 8, LONGEST)) return null
    const text = Buffer.alloc(headerBytes)
    await handle.read(text, 0, headerBytes, 8)
    const header = Object.entries(Header.parse(JSON.parse(text.toString('utf8'))))
    const tensors = header.flatMap(([name, { shape }]) => (shape === undefined ? [] : [{ name, shape }]))
    const dataBytes = header.reduce((most, [, { data_offsets: [, end] = [0, 0] }]) => Math.max(most, end), 0)
    return { tensors, isWhole: size === 8 + headerBytes + dataBytes }
  } catch {
    return null
  } finally {
    await handle.close()
  }
}

/** All tensors of a model's folder; null where its weights are in no such files. */
export async function tensorsIn(folder: string): Promise<readonly Tensor[] | null> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.safetensors'))
  const files = await Promise.all(names.map((name) => readWeights(path.join(folder, name))))
  const tensors = files.flatMap((file) => file?.tensors ?? [])
  return files.length === 0 || files.includes(null) ? null : tensors
}
