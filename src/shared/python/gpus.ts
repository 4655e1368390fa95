import { execute } from './execute.js'

export interface Gpu {
  readonly name: string
  readonly memoryBytes: number
}

/** The NVIDIA GPUs of this machine; none where their tool is absent or says nothing. */
export async function gpusHere(): Promise<readonly Gpu[]> {
  const args = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits']
  const asked = await execute('nvidia-smi', args, { timeoutMs: 10_000 })
  if (!asked.ok) return []
  return asked.value.stdout.split('\n').flatMap((line) => {
    const [, name, mebibytes] = /^(.+), (\d+)$/.exec(line.trim()) ?? []
    return name === undefined ? [] : [{ name, memoryBytes: Number(mebibytes) * 1_048_576 }]
  })
}
