/** For tests that need the real Python environment, in any folder. */
import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { unwrap } from '../../../nouns/index.js'
import { ensureEnvironment, type PythonEnvironment } from '../environment.js'
import { execute } from '../execute.js'
import { offlineVariables } from '../offline.js'

/** Reason to skip the tests that need the Python environment; undefined when they are to run. */
export const pythonTestsSkipped: string | undefined =
  (process.env['LIMI_TEST_PYTHON'] ?? '') === ''
    ? 'LIMI_TEST_PYTHON names no cache folder (or virtual environment) to test with'
    : undefined

export interface TestPython {
  readonly environment: Pick<PythonEnvironment, 'python' | 'versions'>
  readonly cacheRoot: string
}

/** The environment that `LIMI_TEST_PYTHON` names: a virtual environment as it is, else a cache folder, filled at need. */
export async function testPython(): Promise<TestPython> {
  // Test files run beside each other, and multi-threaded PyTorch processes slow each other many times over.
  process.env['OMP_NUM_THREADS'] = '1'
  const named = path.resolve(process.env['LIMI_TEST_PYTHON'] ?? '.limi')
  const python = path.join(named, 'bin', 'python')
  if (existsSync(python)) return { environment: { python, versions: {} }, cacheRoot: path.join(named, 'limi-cache') }
  const announce = (line: string): void => console.log(line)
  return { environment: unwrap(await ensureEnvironment({ name: 'trl', cacheRoot: named, announce })), cacheRoot: named }
}

/** Runs Python code in that environment; the last line it prints is JSON. */
export async function askPython(at: TestPython, code: string, ...args: readonly string[]): Promise<unknown> {
  const env = offlineVariables(at.cacheRoot)
  const ran = unwrap(await execute(at.environment.python, ['-c', code, ...args], { env }))
  return JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? 'null')
}

/** A complete model folder of a few hundred kilobytes, with random weights. */
export async function makeTinyModel(at: TestPython, target: string): Promise<void> {
  const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'tiny_model.py')
  unwrap(await execute(at.environment.python, [script, target], { env: offlineVariables(at.cacheRoot) }))
}

/** A folder for the PATH with an `nvidia-smi` that prints this. */
export async function fakeNvidiaSmi(below: string, prints: string): Promise<string> {
  const folder = await mkdtemp(path.join(below, 'nvidia-'))
  await writeFile(path.join(folder, 'nvidia-smi'), `#!/bin/sh\ncat <<'END'\n${prints}\nEND\n`, { mode: 0o755 })
  return folder
}
