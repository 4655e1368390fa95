import { mkdtemp, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** A model's folder below `root`: its config.json, and weights of these shapes. */
export async function modelFolder(
  root: string,
  config: object,
  shapes: Record<string, readonly number[]>,
): Promise<string> {
  const folder = await mkdtemp(path.join(root, 'model-'))
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(config))
  await writeFile(path.join(folder, 'model.safetensors'), safetensors(shapes))
  return folder
}

/** Weights with header and data, of 4 bytes a number. */
function safetensors(shapes: Record<string, readonly number[]>): Buffer {
  let end = 0
  const header = Object.entries(shapes).map(([name, shape]) => {
    const begin = end
    end += 4 * shape.reduce((product, each) => product * each, 1)
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }]
  })
  const text = Buffer.from(JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(header) }))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, Buffer.alloc(end)])
}
