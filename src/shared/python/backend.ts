import type { Interpreter } from './interpreter.js'
import { execute } from './execute.js'
import { gpusHere } from './gpus.js'

/** Which build of PyTorch is installed, and about how large the environment becomes with it, in bytes on disk. */
export interface Backend {
  readonly name: 'cpu' | 'cuda' | 'default'
  readonly why: string
  readonly bytes: number
  readonly uvArguments: readonly string[]
}

const CUDA_BYTES = 5.6e9
const SMALL_BYTES = 1.3e9

/**
 * The smallest build that serves this machine. On Linux x86-64 the index's own build carries CUDA; `uv`'s CPU builds
 * come from elsewhere and may be out of reach, which is tried with one request and no retry.
 */
export async function chooseBackend(
  uv: string,
  python: Interpreter,
  torch: string,
  signal?: AbortSignal,
): Promise<Backend> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { name: 'default', why: 'the build for this system', bytes: SMALL_BYTES, uvArguments: [] }
  }
  if ((await gpusHere()).length > 0) {
    return { name: 'cuda', why: 'this machine has an NVIDIA GPU', bytes: CUDA_BYTES, uvArguments: [] }
  }
  const args = [
    'pip',
    'install',
    '--python',
    python.path,
    '--break-system-packages',
    '--dry-run',
    '--torch-backend',
    'cpu',
    torch,
  ]
  const env = { UV_HTTP_RETRIES: '0', UV_HTTP_TIMEOUT: '10' }
  const reachable = await execute(uv, args, { timeoutMs: 20_000, env, signal })
  if (reachable.ok) {
    const uvArguments = ['--torch-backend', 'cpu']
    return { name: 'cpu', why: 'no GPU here', bytes: SMALL_BYTES, uvArguments }
  }
  const why =
    "PyTorch's CPU builds cannot be reached from here, so the package index's CUDA build, which also runs on a CPU"
  return { name: 'cuda', why, bytes: CUDA_BYTES, uvArguments: [] }
}
